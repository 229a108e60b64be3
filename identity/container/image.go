package container

import "strings"

// setImage fills what a reference tells of an image: registry/path:tag@digest.
func (i *Info) setImage(reference string) {
	i.Image = reference
	if isImageID(reference) {
		return
	}
	name, digest, _ := strings.Cut(reference, "@")
	if digest != "" {
		i.ImageDigest = digest
	}
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name, i.ImageTag = name[:colon], name[colon+1:]
	}
	i.ImageRepo = name
}

// setDigest takes the digest out of the first of the references that has one,
// preferring the image's own repository.
func (i *Info) setDigest(references ...string) {
	for _, reference := range references {
		repo, digest, ok := strings.Cut(reference, "@")
		if !ok {
			continue
		}
		if i.ImageRepo == "" {
			i.ImageRepo = repo
		}
		if i.ImageDigest == "" || repo == i.ImageRepo {
			i.ImageDigest = digest
		}
	}
}

// digestKind is what ids and digests of images begin with.
const digestKind = "sha256:"

// isImageID tells whether a text is an image's id and not its name.
func isImageID(s string) bool { return isFullID(strings.TrimPrefix(s, digestKind)) }

// imageID is an image's id without the name of its hash.
func imageID(s string) string {
	if !isImageID(s) {
		return ""
	}
	return strings.TrimPrefix(s, digestKind)
}
