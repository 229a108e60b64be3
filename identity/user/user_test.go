package user

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	var table Table
	if u, ok := table.User("", 0); !ok || u.Name != "root" || u.Home != "/root" {
		t.Errorf("zero table: root is %+v", u)
	}
	if u, ok := table.User("", 7); ok || u.Name != Unknown || u.UID != 7 {
		t.Errorf("zero table: uid 7 is %+v", u)
	}
	table.Set("", []User{{UID: 7, Name: "seven"}, {UID: 7, Name: "other"}}, []Group{{GID: 8, Name: "eight"}})
	table.Add("c1", User{UID: 7, Name: "inside"})
	table.AddGroup("c1", Group{GID: 8, Name: "group"})
	for _, c := range []struct{ container, user, group string }{
		{"", "seven", "eight"}, {"c1", "inside", "group"}, {"c2", Unknown, Unknown},
	} {
		u, _ := table.User(c.container, 7)
		g, _ := table.Group(c.container, 8)
		if u.Name != c.user || g.Name != c.group {
			t.Errorf("%q: %q and %q, want %q and %q", c.container, u.Name, g.Name, c.user, c.group)
		}
	}
	table.Remove("c1", 7)
	table.RemoveGroup("c1", 8)
	if _, ok := table.User("c1", 7); ok {
		t.Error("removed user is there")
	}
	table.Forget("")
	if _, ok := table.Group("", 8); ok {
		t.Error("group of a forgotten place is there")
	}
}

func TestTableIsBounded(t *testing.T) {
	var table Table
	full := map[string]*accounts{}
	for i := range maxPlaces {
		full[string(rune(i+0x100))] = &accounts{}
	}
	table.accounts.Store(&full)
	if table.Set("one more", nil, nil) {
		t.Error("went beyond the bound")
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	var table Table
	files := NewFiles(&table, "", dir)
	if err := files.Refresh(); err != nil {
		t.Fatalf("no files: %v", err)
	}
	write(t, dir, "passwd", "root:x:0:0:root:/r00t:/bin/sh\nbroken\nbad:x:minus:0:::\nann:x:1000:1001:Ann,,:/home/ann:/bin/zsh\n")
	write(t, dir, "group", "staff:x:1001:ann\n+:::\n")
	if err := files.Refresh(); err != nil {
		t.Fatal(err)
	}
	if u, _ := table.User("", 1000); u != (User{1000, 1001, "ann", "/home/ann", "/bin/zsh"}) {
		t.Errorf("user %+v", u)
	}
	if u, _ := table.User("", 0); u.Home != "/r00t" {
		t.Errorf("root %+v", u)
	}
	if g, _ := table.Group("", 1001); g.Name != "staff" {
		t.Errorf("group %+v", g)
	}
	before := table.accounts.Load()
	if err := files.Refresh(); err != nil {
		t.Fatal(err)
	}
	if table.accounts.Load() != before {
		t.Error("unchanged files were read again")
	}
	write(t, dir, "passwd", "bob:x:1000:1001::/home/bob:/bin/sh\n")
	if err := files.Refresh(); err != nil {
		t.Fatal(err)
	}
	if u, _ := table.User("", 1000); u.Name != "bob" {
		t.Errorf("after the change: %+v", u)
	}
}

func TestFilesStayInTheirRoot(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "group", "")
	outside := filepath.Join(t.TempDir(), "passwd")
	if err := os.WriteFile(outside, []byte("eve:x:1000:1::/:/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "etc/passwd")); err != nil {
		t.Fatal(err)
	}
	var table Table
	if err := NewFiles(&table, "c", dir).Refresh(); err == nil {
		t.Error("a link out of the root was followed")
	}
	if _, ok := table.User("c", 1000); ok {
		t.Error("the file outside was read")
	}
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	etc := filepath.Join(dir, "etc")
	if err := os.MkdirAll(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(etc, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	var table Table
	table.Add("", User{UID: 7, Name: "seven"})
	if n := testing.AllocsPerRun(100, func() { table.User("", 7); table.Group("x", 9) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("root:x:0:0:root:/root:/bin/sh\nstaff:x:1001:ann\n")
	f.Fuzz(func(t *testing.T, text string) {
		users, err := parseLines(strings.NewReader(text), parseUser)
		if err != nil && len(text) < maxFile {
			t.Fatal(err)
		}
		for _, u := range users {
			if u.Name == "" {
				t.Fatal("user without a name")
			}
		}
		if _, err := parseLines(strings.NewReader(text), parseGroup); err != nil && len(text) < maxFile {
			t.Fatal(err)
		}
	})
}

func TestAllListsAccountsByNumber(t *testing.T) {
	var table Table
	if users, groups := table.All(""); users != nil || groups != nil {
		t.Errorf("an empty table lists %v and %v", users, groups)
	}
	table.Add("", User{UID: 2, Name: "b"})
	table.Add("", User{UID: 1, Name: "a"})
	table.AddGroup("", Group{GID: 3, Name: "c"})
	users, groups := table.All("")
	if len(users) != 2 || users[0].Name != "a" || users[1].Name != "b" || len(groups) != 1 || groups[0].Name != "c" {
		t.Errorf("%v, %v", users, groups)
	}
}
