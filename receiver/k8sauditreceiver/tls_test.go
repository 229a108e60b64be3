package k8sauditreceiver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// authority is a certificate authority with one certificate for 127.0.0.1, which
// serves both ends.
type authority struct {
	pool        *x509.CertPool
	cert        tls.Certificate
	crt, secret string // files
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	a := authority{pool: x509.NewCertPool(), cert: cert, crt: filepath.Join(t.TempDir(), "crt"), secret: filepath.Join(t.TempDir(), "key")}
	a.pool.AppendCertsFromPEM(certPEM)
	for path, text := range map[string][]byte{a.crt: certPEM, a.secret: keyPEM} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// TestClientCertificates: with client_ca_file only who has a certificate is
// served.
func TestClientCertificates(t *testing.T) {
	a := newAuthority(t)
	sink := new(consumertest.LogsSink)
	_, url := start(t, config(func(c *Config) {
		server := configtls.NewDefaultServerConfig()
		server.CertFile, server.KeyFile, server.ClientCAFile = a.crt, a.secret, a.crt
		c.HTTP.TLS = configoptional.Some(server)
	}), sink)
	url = strings.Replace(url, "http://", "https://", 1)
	for name, test := range map[string]struct {
		certificates []tls.Certificate
		served       bool
	}{"with": {[]tls.Certificate{a.cert}, true}, "without": {nil, false}} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.pool, Certificates: test.certificates}}
		client := http.Client{Transport: transport}
		resp, err := client.Post(url, "application/json", strings.NewReader(list(sampleEvent(t))))
		if err == nil {
			_ = resp.Body.Close()
		}
		transport.CloseIdleConnections()
		if served := err == nil && resp.StatusCode == http.StatusOK; served != test.served {
			t.Errorf("%s a certificate: %v", name, err)
		}
	}
	if sink.LogRecordCount() != 1 {
		t.Errorf("%d records", sink.LogRecordCount())
	}
}
