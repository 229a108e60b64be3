package container

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	"google.golang.org/grpc"
)

// containerd tells of its containers by a service of its own, whose messages
// are few and small: they are read by hand here, so that its client and all that
// this needs stay out of the build. See containerd's
// api/services/events/v1/events.proto and api/events.

// subscribeMethod is the call that streams events.
const subscribeMethod = "/containerd.services.events.v1.Events/Subscribe"

// Topics of events.
const (
	topicCreate = "/containers/create"
	topicUpdate = "/containers/update"
	topicDelete = "/containers/delete"
	topicStart  = "/tasks/start"
)

// Numbers of fields in an envelope, in the Any within it, and in the events:
// all of these have the container's id first.
const (
	envelopeTopic = 3
	envelopeEvent = 4
	anyValue      = 2
	eventID       = 1
)

// subscribeFilter is the number of the field of a request with one filter.
const subscribeFilter = 1

// followContainerd tells of containers until the stream ends.
func followContainerd(ctx context.Context, conn *grpc.ClientConn, events listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, subscribeMethod, grpc.ForceCodec(rawCodec{}))
	if err != nil {
		return err
	}
	var request []byte
	for _, topic := range []string{topicCreate, topicUpdate, topicDelete, topicStart} {
		request = appendText(request, subscribeFilter, `topic=="`+topic+`"`)
	}
	if err := errors.Join(stream.SendMsg(&request), stream.CloseSend()); err != nil {
		return err
	}
	events.ready()
	for {
		var message []byte
		if err := stream.RecvMsg(&message); err != nil {
			return err
		}
		topic, id := parseEnvelope(message)
		switch {
		case !isFullID(id):
		case topic == topicDelete:
			events.gone(id)
		default:
			events.changed(id)
		}
	}
}

// parseEnvelope reads an event's topic and the container that it is about.
func parseEnvelope(message []byte) (topic, id string) {
	name, _ := lengthField(message, envelopeTopic)
	event, _ := lengthField(message, envelopeEvent)
	value, _ := lengthField(event, anyValue)
	container, _ := lengthField(value, eventID)
	return string(name), string(container)
}

// Wire types of protocol buffers.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireLength  = 2
	wireFixed32 = 5
)

// lengthField finds the last field with that number that has a length: a text
// or a message. It aliases the message.
func lengthField(message []byte, number uint64) (value []byte, ok bool) {
	for len(message) > 0 {
		key, rest, err := uvarint(message)
		if err != nil {
			return nil, false
		}
		size := uint64(0)
		switch key & 7 {
		case wireVarint:
			_, rest, err = uvarint(rest)
		case wireFixed64:
			size = 8
		case wireFixed32:
			size = 4
		case wireLength:
			size, rest, err = uvarint(rest)
		default:
			return nil, false
		}
		if err != nil || size > uint64(len(rest)) {
			return nil, false
		}
		if key>>3 == number && key&7 == wireLength {
			value, ok = rest[:size], true
		}
		message = rest[size:]
	}
	return value, ok
}

func uvarint(b []byte) (n uint64, rest []byte, err error) {
	n, size := binary.Uvarint(b)
	if size <= 0 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return n, b[size:], nil
}

func appendText(b []byte, number uint64, text string) []byte {
	b = binary.AppendUvarint(b, number<<3|wireLength)
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}

// rawCodec passes messages on as they are.
type rawCodec struct{}

var errRaw = errors.New("container: a raw message is a *[]byte")

// Marshal implements encoding.Codec.
func (rawCodec) Marshal(v any) ([]byte, error) {
	b, ok := v.(*[]byte)
	if !ok {
		return nil, errRaw
	}
	return *b, nil
}

// Unmarshal implements encoding.Codec.
func (rawCodec) Unmarshal(data []byte, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return errRaw
	}
	*b = append((*b)[:0], data...)
	return nil
}

// Name implements encoding.Codec: the messages are protocol buffers.
func (rawCodec) Name() string { return "proto" }
