package cloudtrail

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
)

// row is a field that is the text at a JSON pointer.
func row(name, pointer, desc string) field.Definition { return document.Row(name, pointer, desc) }

// eventFields are what happened, where and when.
var eventFields = []field.Definition{
	row("ct.id", "/eventID", "Id of the record."),
	row("ct.error", "/errorCode", "Error code; missing where the call succeeded."),
	row("ct.errormessage", "/errorMessage", "Error message; missing where the call succeeded."),
	row("ct.time", "/eventTime", "Time of the call, as the record writes it."),
	row("ct.src", "/eventSource", "Service that was called, such as s3.amazonaws.com."),
	{Name: "ct.shortsrc", Type: field.Charbuf, Desc: "Service that was called, without .amazonaws.com.", Get: document.Field(shortSource)},
	row("ct.name", "/eventName", "Name of the call, such as PutBucketPolicy."),
	row("ct.region", "/awsRegion", "Region that was called."),
	row("ct.srcip", "/sourceIPAddress", "Address of the caller, or the name of an AWS service."),
	row("ct.useragent", "/userAgent", "User agent, as the caller tells it."),
	{Name: "ct.info", Type: field.Charbuf, Desc: "Who did what from where, in one line.", Get: document.Field(summary)},
	row("ct.managementevent", "/managementEvent", "Whether the call manages resources."),
	row("ct.readonly", "/readOnly", "Whether the call only reads."),
	row("ct.requestid", "/requestID", "Id that the called service gave the request."),
	row("ct.eventtype", "/eventType", "Type of the record, such as AwsApiCall."),
	row("ct.apiversion", "/apiVersion", "Version of the API that was called."),
	{Name: "ct.resources", Type: field.Charbuf, Desc: "Resources that the call used, as JSON with commas between.",
		Get: document.Joined("/resources/*")},
	row("ct.recipientaccountid", "/recipientAccountId", "Account that got the record."),
	row("ct.serviceeventdetails", "/serviceEventDetails", "Details of an event of a service."),
	row("ct.sharedeventid", "/sharedEventID", "Id that the records of one call in several accounts share."),
	row("ct.vpcendpointid", "/vpcEndpointId", "VPC endpoint that the call went through."),
	row("ct.eventcategory", "/eventCategory", "Category of the record: Management, Data or Insight."),
	row("ct.edgedevicedetails", "/edgeDeviceDetails", "Edge devices that the call was about."),
	row("ct.additionaleventdata", "/additionalEventData", "What is part of neither request nor response, as JSON."),
}

// userFields are who called.
var userFields = []field.Definition{
	{Name: "ct.user", Type: field.Charbuf, Desc: "Name of the user; of the role where one is assumed.", Get: document.Field(userName)},
	{Name: "ct.originaluser", Type: field.Charbuf, Desc: "Name of the user; of the session where a role is assumed.",
		Get: document.Field(sessionName)},
	{Name: "ct.user.accountid", Type: field.Charbuf, Desc: "Account of the user, else the account that got the record.",
		Get: document.FirstOf("/userIdentity/accountId", "/recipientAccountId")},
	row("ct.user.identitytype", "/userIdentity/type", "Kind of identity, such as Root, IAMUser or AssumedRole."),
	row("ct.user.principalid", "/userIdentity/principalId", "Unique id of the caller."),
	row("ct.user.arn", "/userIdentity/arn", "Resource name of the caller."),
	row("ct.sessioncredentialfromconsole", "/sessionCredentialFromConsole", "Whether the credentials came from a console session."),
}

// requestFields are of the call's parameters.
var requestFields = []field.Definition{
	row("ct.request", "/requestParameters", "Parameters of the call, as JSON."),
	row("ct.request.availabilityzone", "/requestParameters/availabilityZone", "Availability zone that the call names."),
	row("ct.request.cluster", "/requestParameters/cluster", "Cluster that the call names."),
	row("ct.request.functionname", "/requestParameters/functionName", "Function that the call names."),
	row("ct.request.groupname", "/requestParameters/groupName", "Group that the call names."),
	row("ct.request.host", "/requestParameters/Host", "Host that the call names."),
	row("ct.request.name", "/requestParameters/name", "Name that the call names."),
	row("ct.request.policy", "/requestParameters/policy", "Policy that the call names."),
	row("ct.request.reason", "/requestParameters/reason", "Reason that the call gives."),
	row("ct.request.target", "/requestParameters/target", "Target that the call names."),
	row("ct.request.documentname", "/requestParameters/documentName", "Document that the call names."),
	row("ct.request.serialnumber", "/requestParameters/serialNumber", "Serial number that the call names."),
	row("ct.request.servicename", "/requestParameters/serviceName", "Service that the call names."),
	row("ct.request.subnetid", "/requestParameters/subnetId", "Subnet that the call names."),
	row("ct.request.taskdefinition", "/requestParameters/taskDefinition", "Task definition that the call names."),
	row("ct.request.username", "/requestParameters/userName", "User that the call names."),
}

// responseFields are of the call's result.
var responseFields = []field.Definition{
	row("ct.response", "/responseElements", "Result of the call, as JSON."),
	row("ct.response.subnetid", "/responseElements/subnetId", "Subnet in the result."),
	row("ct.response.reservationid", "/responseElements/reservationId", "Reservation in the result."),
}

// addendumFields are of records that correct others.
var addendumFields = []field.Definition{
	row("ct.addendum.reason", "/addendum/reason", "Why the record was delayed or corrected."),
	row("ct.addendum.updatedfields", "/addendum/updatedFields", "What was corrected."),
	row("ct.addendum.originalrequestid", "/addendum/originalRequestID", "Request id of the record that is corrected."),
	row("ct.addendum.originaleventid", "/addendum/originalEventID", "Id of the record that is corrected."),
}

// tlsFields are of the connection.
var tlsFields = []field.Definition{
	row("ct.tlsdetails.tlsversion", "/tlsDetails/tlsVersion", "TLS version of the call."),
	row("ct.tlsdetails.ciphersuite", "/tlsDetails/cipherSuite", "TLS cipher suite of the call."),
	row("ct.tlsdetails.clientprovidedhostheader", "/tlsDetails/clientProvidedHostHeader", "Host name that the client used."),
}

// s3Fields are of calls to S3.
var s3Fields = []field.Definition{
	{Name: "s3.uri", Type: field.Charbuf, Desc: "The object, as s3://bucket/key.", Get: document.Field(objectURI)},
	row("s3.bucket", "/requestParameters/bucketName", "Name of the bucket."),
	row("s3.key", "/requestParameters/key", "Key of the object."),
	{Name: "s3.bytes", Type: field.Uint64, Desc: "Bytes that were transferred, both ways.", Get: document.Field(bytesOf(bytesIn, bytesOut))},
	{Name: "s3.bytes.in", Type: field.Uint64, Desc: "Bytes that were written.", Get: document.Field(bytesOf(bytesIn))},
	{Name: "s3.bytes.out", Type: field.Uint64, Desc: "Bytes that were read.", Get: document.Field(bytesOf(bytesOut))},
	{Name: "s3.cnt.get", Type: field.Uint64, Desc: "1 for calls that get an object.", Get: document.Field(oneFor("GetObject"))},
	{Name: "s3.cnt.put", Type: field.Uint64, Desc: "1 for calls that put an object.", Get: document.Field(oneFor("PutObject"))},
	{Name: "s3.cnt.other", Type: field.Uint64, Desc: "1 for calls that neither get nor put an object.", Get: document.Field(oneForOthers)},
}

// serviceFields are of calls to other services.
var serviceFields = []field.Definition{
	{Name: "ec2.name", Type: field.Charbuf, Desc: "Name that the call gives an instance.", Get: document.Field(instanceName)},
	row("ec2.imageid", "/responseElements/instancesSet/items/0/imageId", "Image of the first instance."),
	{Name: "ec2.imageids", Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex, Desc: "Images of the instances.",
		Get:  document.All("/responseElements/instancesSet/items/*/imageId"),
		Bind: document.ItemOf("/responseElements/instancesSet/items/*/imageId", document.Text)},
	row("ecr.repository", "/requestParameters/repositoryName", "Repository of images that the call names."),
	row("ecr.imagetag", "/requestParameters/imageTag", "Tag of an image that the call names."),
	row("iam.role", "/requestParameters/roleName", "Role that the call names."),
	row("iam.policy", "/requestParameters/policyName", "Policy that the call names."),
}
