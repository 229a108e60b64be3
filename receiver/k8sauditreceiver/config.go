package k8sauditreceiver

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"
)

// Config is the receiver's part of the Collector's configuration.
type Config struct {
	// HTTP has the keys of all HTTP servers of the Collector: endpoint, tls, auth,
	// max_request_body_size, read_timeout and more.
	HTTP confighttp.ServerConfig `mapstructure:",squash"`
	// Path is where API servers send events to.
	Path string `mapstructure:"path"`
	// ClusterName is the records' resource attribute k8s.cluster.name. Empty: none.
	ClusterName string `mapstructure:"cluster_name"`
	// MaxConcurrentRequests is how many requests are read at once; more are told
	// to come again.
	MaxConcurrentRequests int `mapstructure:"max_concurrent_requests"`
	// RetryAfter is when a sender is to come again whom the pipeline cannot serve
	// now.
	RetryAfter time.Duration `mapstructure:"retry_after"`
}

var (
	_ confmap.Validator   = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

func createDefaultConfig() component.Config {
	http := confighttp.NewDefaultServerConfig()
	http.NetAddr.Endpoint = "localhost:9765"
	http.MaxRequestBodySize = 32 << 20
	http.ReadTimeout = 30 * time.Second
	return &Config{HTTP: http, Path: "/k8s-audit", MaxConcurrentRequests: 16, RetryAfter: 5 * time.Second}
}

// Unmarshal refuses keys that nobody knows: the server's part, left to itself,
// passes over all that are not its own.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	type server confighttp.ServerConfig // without the method that is so lenient
	var strict struct {
		HTTP                  server        `mapstructure:",squash"`
		Path                  string        `mapstructure:"path"`
		ClusterName           string        `mapstructure:"cluster_name"`
		MaxConcurrentRequests int           `mapstructure:"max_concurrent_requests"`
		RetryAfter            time.Duration `mapstructure:"retry_after"`
	}
	if err := conf.Unmarshal(&strict); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Validate checks the receiver's own keys; those of HTTP check themselves.
func (c *Config) Validate() error {
	var errs error
	if c.HTTP.NetAddr.Endpoint == "" {
		errs = errors.Join(errs, errors.New("endpoint: is empty; write host:port"))
	}
	if !strings.HasPrefix(c.Path, "/") {
		errs = errors.Join(errs, fmt.Errorf("path: %q does not begin with a slash", c.Path))
	}
	if c.MaxConcurrentRequests < 1 {
		errs = errors.Join(errs, fmt.Errorf("max_concurrent_requests: %d is less than 1", c.MaxConcurrentRequests))
	}
	if c.RetryAfter < time.Second {
		errs = errors.Join(errs, fmt.Errorf("retry_after: %v is less than a second", c.RetryAfter))
	}
	return errs
}
