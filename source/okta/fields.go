package okta

import (
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// eventFields are what happened.
var eventFields = []field.Definition{
	{Name: "okta.app", Type: field.Charbuf, Desc: "Name of the application, from the URI that was asked for.", Get: document.Field(app)},
	{Name: "okta.org", Type: field.Charbuf, Desc: "Name of the organization.",
		Missing: "events do not name their organization; put it on the resource and use its attribute"},
	document.Row("okta.evt.type", "/eventType", "Type of the event, such as user.session.start."),
	document.Row("okta.evt.legacytype", "/legacyEventType", "Type of the event in the older log."),
	document.Row("okta.severity", "/severity", "Severity: DEBUG, INFO, WARN or ERROR."),
	document.Row("okta.message", "/displayMessage", "Message for people."),
	document.Row("okta.published", "/published", "Time of the event, as it writes it."),
	document.Row("okta.result", "/outcome/result", "Result, such as SUCCESS or FAILURE."),
	document.Row("okta.reason", "/outcome/reason", "Reason of the result."),
	document.Row("okta.transaction.id", "/transaction/id", "Id of the transaction."),
	document.Row("okta.transaction.type", "/transaction/type", "Type of the transaction: WEB or JOB."),
}

// actorFields are who did it.
var actorFields = []field.Definition{
	document.Row("okta.actor.id", "/actor/id", "Id of the actor."),
	document.Row("okta.actor.Type", "/actor/type", "Type of the actor, such as User."),
	document.Row("okta.actor.alternateid", "/actor/alternateId", "Other id of the actor, mostly an e-mail address."),
	document.Row("okta.actor.name", "/actor/displayName", "Name of the actor."),
	document.Row("okta.principal.id", "/debugContext/debugData/originalPrincipal/id", "Id of the principal that acts for the actor."),
	document.Row("okta.principal.alternateid", "/debugContext/debugData/originalPrincipal/alternateId", "Other id of the principal."),
	document.Row("okta.principal.type", "/debugContext/debugData/originalPrincipal/type", "Type of the principal."),
	document.Row("okta.principal.name", "/debugContext/debugData/originalPrincipal/displayName", "Name of the principal."),
}

// clientFields are where from and with what.
var clientFields = []field.Definition{
	document.Row("okta.client.zone", "/client/zone", "Network zone of the client."),
	document.Row("okta.client.ip", "/client/ipAddress", "Address of the client."),
	document.Row("okta.client.device", "/client/device", "Kind of device."),
	document.Row("okta.client.id", "/client/id", "Id of an OAuth client."),
	document.Row("okta.client.geo.city", "/client/geographicalContext/city", "City of the client."),
	document.Row("okta.client.geo.state", "/client/geographicalContext/state", "State of the client."),
	document.Row("okta.client.geo.country", "/client/geographicalContext/country", "Country of the client."),
	document.Row("okta.client.geo.postalcode", "/client/geographicalContext/postalCode", "Postal code of the client."),
	document.Row("okta.client.geo.lat", "/client/geographicalContext/geolocation/lat", "Latitude of the client."),
	document.Row("okta.client.geo.lon", "/client/geographicalContext/geolocation/lon", "Longitude of the client."),
	document.Row("okta.useragent.os", "/client/userAgent/os", "Operating system of the client."),
	document.Row("okta.useragent.browser", "/client/userAgent/browser", "Browser of the client."),
	document.Row("okta.useragent.raw", "/client/userAgent/rawUserAgent", "User agent, as the client tells it."),
}

// contextFields are what Okta knows about it.
var contextFields = []field.Definition{
	document.Row("okta.behaviors", "/debugContext/debugData/behaviors", "What is unusual of the actor's behaviour."),
	document.Row("okta.logonlysecuritydata", "/debugContext/debugData/logOnlySecurityData", "Further security data, as JSON."),
	document.Row("okta.requesturi", "/debugContext/debugData/requestUri", "URI that was asked for."),
	document.Row("okta.authentication.step", "/authenticationContext/authenticationStep", "Step of the authentication."),
	document.Row("okta.authentication.sessionid", "/authenticationContext/externalSessionId", "Id of the session."),
	document.Row("okta.authentication.provider", "/authenticationContext/authenticationProvider", "Provider of the authentication."),
	document.Row("okta.authentication.credentialprovider", "/authenticationContext/credentialProvider", "Provider of the credential."),
	{Name: "okta.security.asnumber", Type: field.Uint64, Desc: "Number of the client's autonomous system.", Get: document.Field(systemNumber)},
	document.Row("okta.security.asorg", "/securityContext/asOrg", "Organization of the client's autonomous system."),
	document.Row("okta.security.isp", "/securityContext/isp", "Internet provider of the client."),
	document.Row("okta.security.domain", "/securityContext/domain", "Domain of the client."),
	document.Row("okta.security.isproxy", "/securityContext/isProxy", "Whether the client is a proxy."),
}

// targetFields are whom or what it was done to.
var targetFields = []field.Definition{
	target("okta.target.user.id", "User", "id", "Id of the user."),
	target("okta.target.user.alternateid", "User", "alternateId", "Other id of the user, mostly an e-mail address."),
	target("okta.target.user.name", "User", "displayName", "Name of the user."),
	target("okta.target.group.id", "UserGroup", "id", "Id of the group."),
	target("okta.target.group.alternateid", "UserGroup", "alternateId", "Other id of the group."),
	target("okta.target.group.name", "UserGroup", "displayName", "Name of the group."),
	target("okta.target.app.alternateid", "AppInstance", "alternateId", "Other id of the application."),
	{Name: "okta.targets.displayName", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgIndex, Bind: bindTarget,
		Desc: "Name of one of the targets."},
}

// target is a field of the first target of a type.
func target(name, kind, member, desc string) field.Definition {
	return field.Definition{Name: name, Type: field.Charbuf, Desc: desc, Get: document.Field(func(e *document.Event) event.Value {
		for t := range e.Root.Get("target").Items() {
			if t.Get("type").Equal(kind) {
				return document.NotNull(t.Get(member), &e.Head.Scratch)
			}
		}
		return event.Value{}
	})}
}

func bindTarget(arg string) (field.Getter, error) {
	i, err := document.Index(arg)
	if err != nil {
		return nil, err
	}
	return document.Field(func(e *document.Event) event.Value {
		return document.NotNull(e.Root.Get("target").Item(i).Get("displayName"), &e.Head.Scratch)
	}), nil
}

var requestURI = jsondoc.MustPointer("/debugContext/debugData/requestUri")

// app is the name in /app/NAME/….
func app(e *document.Event) event.Value {
	rest, ok := strings.CutPrefix(requestURI.Find(e.Root).Text(&e.Head.Scratch), "/app/")
	if !ok {
		return event.Value{}
	}
	name, _, _ := strings.Cut(rest, "/")
	return event.Text(name)
}

func systemNumber(e *document.Event) event.Value {
	n, err := strconv.ParseUint(e.Root.Path("securityContext", "asNumber").Raw(), 10, 64)
	if err != nil {
		return event.Value{}
	}
	return event.Uint(n)
}
