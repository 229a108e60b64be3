package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// pathEnd selects one of the paths of a call.
type pathEnd uint8

const (
	pathOnly pathEnd = iota // the path of a call that has one
	pathSrc
	pathDst
)

// atPaths has 1 + the index of the path parameters of calls with a directory
// descriptor, and of those that are documented to have an absolute path.
var atPaths = map[uint16][3]uint8{
	EvRenameatX:       {pathSrc: 3, pathDst: 5},
	EvRenameat2X:      {pathSrc: 3, pathDst: 5},
	EvSymlinkatX:      {pathOnly: 4},
	EvOpenatE:         {pathOnly: 2},
	EvOpenatX:         {pathOnly: 3},
	EvOpenat2E:        {pathOnly: 2},
	EvOpenat2X:        {pathOnly: 3},
	EvOpenByHandleAtX: {pathOnly: 4},
	EvUnlinkatX:       {pathOnly: 3},
	EvMkdiratX:        {pathOnly: 3},
	EvFchmodatX:       {pathOnly: 3},
	EvFchownatX:       {pathOnly: 3},
	EvMknodatX:        {pathOnly: 3},
	EvNewfstatatX:     {pathOnly: 3},
	EvLinkatX:         {pathSrc: 3, pathDst: 5},
}

// atPathByNum is atPaths by event number.
var atPathByNum = func() [len(schema)][3]uint8 {
	var byNum [len(schema)][3]uint8
	for num, row := range atPaths {
		byNum[num] = row
	}
	return byNum
}()

func bindAbsPath(arg string) (field.Getter, error) {
	switch arg {
	case "src":
		return absPath(pathSrc), nil
	case "dst":
		return absPath(pathDst), nil
	}
	return nil, &argError{arg, "src or dst is needed"}
}

func absPath(end pathEnd) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		i := int(atPathByNum[e.Info.Num][end]) - 1
		if uint(i) >= uint(e.nparams) {
			return event.Value{}
		}
		return e.fullPath(i)
	}
}

// fullPath is the i-th parameter, a path, in its absolute form.
func (e *Event) fullPath(i int) event.Value {
	path := e.Text(i)
	if path == NA {
		return event.Text(NA)
	}
	dir := ""
	if path == "" || path[0] != '/' {
		dir, _ = e.baseDir(i, &e.Info.Params[i])
	}
	return e.joined(dir, path)
}

// joined is path seen from dir, in the event's scratch memory.
func (e *Event) joined(dir, path string) event.Value {
	s := &e.Head.Scratch
	return event.Text(s.Text(appendPath(s.Buffer(len(dir)+len(path)+len(longPath)), dir, path)))
}

var fsPathFields = []field.Definition{
	{Name: "fs.path.name", Type: field.Charbuf, Desc: "Absolute path that a successful call on a file worked on, or that a call that opens asked for.", Get: fsPath(fsName, false)},
	{Name: "fs.path.nameraw", Type: field.Charbuf, Desc: "fs.path.name as the program gave it.", Get: fsPath(fsName, true)},
	{Name: "fs.path.source", Type: field.Charbuf, Desc: "Absolute source path of a successful rename, link, mount and their kin.", Get: fsPath(fsSource, false)},
	{Name: "fs.path.sourceraw", Type: field.Charbuf, Desc: "fs.path.source as the program gave it.", Get: fsPath(fsSource, true)},
	{Name: "fs.path.target", Type: field.Charbuf, Desc: "Absolute target path of a successful rename, link, mount and their kin.", Get: fsPath(fsTarget, false)},
	{Name: "fs.path.targetraw", Type: field.Charbuf, Desc: "fs.path.target as the program gave it.", Get: fsPath(fsTarget, true)},
}

// fsPart selects one of the fs.path fields.
type fsPart uint8

const (
	fsName fsPart = iota
	fsSource
	fsTarget
)

// fsFD in fsPaths stands for the name of the event's descriptor.
const fsFD = 0xff

// fsPaths has where the calls on files have their paths: 1 + the index of the
// parameter, or fsFD. The source of a link is the new name.
var fsPaths = map[uint16][3]uint8{
	EvMkdirX:          {fsName: 2},
	EvMkdiratX:        {fsName: 3},
	EvRmdirX:          {fsName: 2},
	EvUnlinkX:         {fsName: 2},
	EvUnlinkatX:       {fsName: 3},
	EvOpenX:           {fsName: fsFD},
	EvCreatX:          {fsName: fsFD},
	EvOpenatX:         {fsName: fsFD},
	EvOpenat2X:        {fsName: fsFD},
	EvOpenByHandleAtX: {fsName: fsFD},
	EvChmodX:          {fsName: 2},
	EvFchmodX:         {fsName: fsFD},
	EvFchmodatX:       {fsName: 3},
	EvChownX:          {fsName: 2},
	EvLchownX:         {fsName: 2},
	EvFchownX:         {fsName: fsFD},
	EvFchownatX:       {fsName: 3},
	EvQuotactlX:       {fsName: 2},
	EvUmount259X:      {fsName: 2},
	EvUmountX:         {fsName: 2},
	EvUmount2X:        {fsName: 2},
	EvRenameX:         {fsSource: 2, fsTarget: 3},
	EvRenameatX:       {fsSource: 3, fsTarget: 5},
	EvRenameat2X:      {fsSource: 3, fsTarget: 5},
	EvLinkX:           {fsSource: 3, fsTarget: 2},
	EvLinkatX:         {fsSource: 5, fsTarget: 3},
	EvSymlinkX:        {fsSource: 3, fsTarget: 2},
	EvSymlinkatX:      {fsSource: 4, fsTarget: 2},
	EvMountX:          {fsSource: 2, fsTarget: 3},
}

// fsPathByNum is fsPaths by event number.
var fsPathByNum = func() [len(schema)][3]uint8 {
	var byNum [len(schema)][3]uint8
	for num, row := range fsPaths {
		byNum[num] = row
	}
	return byNum
}()

func fsPath(part fsPart, raw bool) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		at := fsPathByNum[e.Info.Num][part]
		switch {
		case at == 0 || !e.workedOnPath():
			return event.Value{}
		case at == fsFD:
			return e.fdPath(raw)
		case int(at) > e.nparams:
			return event.Value{}
		case raw:
			return event.Text(e.Text(int(at) - 1))
		}
		return e.fullPath(int(at) - 1)
	}
}

// workedOnPath tells whether the event's paths count. Of calls that open, the
// reference takes only -1 for a failure, so that rules see what other failed
// ones asked for; rules were written with that.
func (e *Event) workedOnPath() bool {
	res, ok := e.returned()
	if e.Info.Flags&CreatesFd != 0 {
		return ok && res != -1
	}
	return ok && res >= 0
}

// fdPath is the path of the event's descriptor.
func (e *Event) fdPath(raw bool) event.Value {
	switch {
	case e.FD == nil:
		return event.Value{}
	case raw:
		return event.Text(e.FD.NameRaw)
	}
	return event.Text(e.FD.Name)
}
