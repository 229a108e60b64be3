package container

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// engineClient asks a container engine over the interface that Docker defined
// and podman speaks too.
type engineClient struct {
	http *http.Client
	kind string // Docker or Podman
}

// dialEngine makes the client of an engine's socket.
func dialEngine(path, kind string) client {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
		MaxIdleConns: workers,
	}
	return &engineClient{http: &http.Client{Transport: transport}, kind: kind}
}

func (c *engineClient) close() error {
	c.http.CloseIdleConnections()
	return nil
}

// get sends a request; the caller closes the answer's body.
func (c *engineClient) get(ctx context.Context, path string, query url.Values) (*http.Response, error) {
	address := url.URL{Scheme: "http", Host: "engine", Path: path, RawQuery: query.Encode()}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	switch answer.StatusCode {
	case http.StatusOK:
		return answer, nil
	case http.StatusNotFound:
		err = ErrNotFound
	default:
		err = fmt.Errorf("%s: %s", path, answer.Status)
	}
	return nil, errors.Join(err, answer.Body.Close())
}

// ask reads the JSON answer to a request.
func (c *engineClient) ask(ctx context.Context, path string, query url.Values, to any) error {
	answer, err := c.get(ctx, path, query)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // only read from
	return json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(to)
}

func (c *engineClient) hello(ctx context.Context) (string, error) {
	var version struct{ Version string }
	if err := c.ask(ctx, "/version", nil, &version); err != nil {
		return "", err
	}
	return c.kind + " " + version.Version, nil
}

func (c *engineClient) list(ctx context.Context, found func(string)) error {
	var all []struct{ ID string }
	if err := c.ask(ctx, "/containers/json", nil, &all); err != nil {
		return err
	}
	for _, item := range all {
		found(item.ID)
	}
	return nil
}

func (c *engineClient) lookup(ctx context.Context, id string) (*Info, error) {
	var answer engineContainer
	if err := c.ask(ctx, "/containers/"+id+"/json", nil, &answer); err != nil {
		return nil, err
	}
	i := answer.info(c.kind)
	var image engineImage
	if err := c.ask(ctx, "/images/"+imageID(answer.Image)+"/json", nil, &image); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return i, nil // removed, while its containers go on
	}
	i.setDigest(image.RepoDigests...)
	return i, nil
}

// follow reads the engine's events, one JSON text after the other.
func (c *engineClient) follow(ctx context.Context, events listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	since := strconv.FormatInt(time.Now().Unix(), 10)
	events.ready() // podman answers with the first event only; since leaves no gap
	answer, err := c.get(ctx, "/events", url.Values{"filters": {`{"type":["container"]}`}, "since": {since}})
	if errors.Is(err, ErrNotFound) {
		return errNoEvents
	}
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // only read from
	decoder := json.NewDecoder(answer.Body)
	for {
		var event struct {
			Action string
			Actor  struct{ ID string }
		}
		if err := decoder.Decode(&event); err != nil {
			return err
		}
		switch event.Action {
		case "create", "init", "start", "rename":
			events.changed(event.Actor.ID)
		case "destroy", "remove":
			events.gone(event.Actor.ID)
		}
	}
}
