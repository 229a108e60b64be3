package k8sauditreceiver

import (
	"errors"
	"io"
	"net/http"
	"os"

	"go.opentelemetry.io/collector/consumer/consumererror"

	"github.com/lannersec/lanner/source/jsondoc"
)

// What can be wrong with a request, besides its JSON.
var (
	errMethod    = errors.New("send events with POST")
	errMediaType = errors.New("the content type is not application/json")
	errBusy      = errors.New("too many requests are under way")
	errNoEvent   = errors.New("the document is no audit event and no list of them")
	errTooLong   = errors.New("an event is too long")
)

// pipelineError is the pipeline's refusal.
type pipelineError struct{ err error }

func (e *pipelineError) Error() string {
	return "the pipeline did not take the events: " + e.err.Error()
}
func (e *pipelineError) Unwrap() error { return e.err }

// refusal is how a request is refused.
type refusal struct {
	cause  string // in metrics
	status int
	retry  bool // the sender is to come again, later
	hide   bool // what went wrong is no business of the sender's
}

// classify says how to refuse a request for an error.
func classify(err error) refusal {
	var (
		pipeline *pipelineError
		syntax   *jsondoc.Error
		size     *http.MaxBytesError
	)
	switch {
	case errors.As(err, &pipeline) && consumererror.IsPermanent(err):
		return refusal{cause: "permanent", status: http.StatusInternalServerError, hide: true}
	case errors.As(err, &pipeline):
		return refusal{cause: "pipeline", status: http.StatusServiceUnavailable, retry: true, hide: true}
	case errors.Is(err, errBusy):
		return refusal{cause: "busy", status: http.StatusTooManyRequests, retry: true}
	case errors.Is(err, errMethod):
		return refusal{cause: "method", status: http.StatusMethodNotAllowed}
	case errors.Is(err, errMediaType):
		return refusal{cause: "media_type", status: http.StatusUnsupportedMediaType}
	case errors.As(err, &size), errors.Is(err, errTooLong):
		return refusal{cause: "too_large", status: http.StatusRequestEntityTooLarge}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refusal{cause: "slow", status: http.StatusRequestTimeout}
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
		return refusal{cause: "malformed", status: http.StatusBadRequest}
	case errors.Is(err, errNoEvent):
		return refusal{cause: "no_event", status: http.StatusBadRequest}
	}
	return refusal{cause: "unreadable", status: http.StatusBadRequest}
}
