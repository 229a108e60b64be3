package manifests

import (
	"path/filepath"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// deploy is where the manifests are.
const deploy = "../../deploy"

// object is what a manifest describes.
type object struct {
	kind, name, namespace string
	typed                 runtime.Object // nil for types that are not Kubernetes' own
	yaml                  []byte
}

// build does what `kubectl kustomize deploy/DIR` does, and decodes each object
// strictly: an unknown or a doubled key is an error.
func build(t *testing.T, dir string) []object {
	t.Helper()
	options := krusty.MakeDefaultOptions()
	all, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), filepath.Join(deploy, dir))
	if err != nil {
		t.Fatal(err)
	}
	decoder := strict(t)
	var objects []object
	for _, resource := range all.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		o := object{kind: resource.GetKind(), name: resource.GetName(), namespace: resource.GetNamespace(), yaml: text}
		if o.kind != sccKind {
			if o.typed, _, err = decoder.Decode(text, nil, nil); err != nil {
				t.Errorf("%s %s: %v", o.kind, o.name, err)
			}
		}
		objects = append(objects, o)
	}
	return objects
}

func strict(t *testing.T) runtime.Decoder {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, rbacv1.AddToScheme, policyv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
}

// find returns the object of a kind and a name.
func find[T runtime.Object](t *testing.T, objects []object, name string) T {
	t.Helper()
	for _, o := range objects {
		if typed, ok := o.typed.(T); ok && o.name == name {
			return typed
		}
	}
	var none T
	t.Fatalf("there is no %T %s", none, name)
	return none
}
