package otelmap

import (
	"encoding/binary"
	"hash/fnv"
	"io"
	"strconv"

	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// crockford is the alphabet of ULIDs (github.com/ulid/spec).
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// setUID gives a record that is otherwise complete the identity
// log.record.uid, in the form of a ULID: the time in milliseconds, and 80 bits
// that are a hash of where the record is from and of what it says. So copies of
// a record, made by a pipeline that sends again after a failure, have one
// identity; and a capture that is read twice gives the same identities.
func setUID(rec plog.LogRecord, origin Origin, rule string, num uint64) {
	hash := fnv.New128a()
	write := func(parts ...string) {
		for _, part := range parts {
			_, _ = io.WriteString(hash, part) // never fails
			_, _ = hash.Write([]byte{0})
		}
	}
	write(origin.Scope, origin.Resource[string(semconv.HostIDKey)], origin.Resource[string(semconv.K8SNodeNameKey)])
	write(rec.EventName(), rule, strconv.FormatUint(num, 10), strconv.FormatUint(uint64(rec.Timestamp()), 10), rec.Body().Str())

	var id [16]byte
	sum := hash.Sum(id[:0])
	millis := uint64(rec.Timestamp()) / 1e6
	binary.BigEndian.PutUint16(sum, uint16(millis>>32))
	binary.BigEndian.PutUint32(sum[2:], uint32(millis))
	rec.Attributes().PutStr(string(semconv.LogRecordUIDKey), ulid([16]byte(sum)))
}

// ulid writes 128 bits as 26 letters of 5 bits, the first of 3.
func ulid(id [16]byte) string {
	var text [26]byte
	hi, lo := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
	for i := len(text) - 1; i >= 0; i-- {
		text[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(text[:])
}
