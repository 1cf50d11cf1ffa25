// Wake-ups, work that no orchestration awaits, and the events that leave the platform. None of it is the only copy of anything: what a
// message says is in a table first, and a sweep sends again what was not taken. So a message may expire or be lost without loss of data.

@description('Name of the namespace.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Premium is needed for private endpoints.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Whether only private endpoints reach the namespace.')
param privateNetworking bool

@description('Whether the namespace is spread over availability zones. Needs Premium and a region with zones.')
param zoneRedundant bool

@description('Whether events are copied to the subscription that webhooks are delivered from. Off as long as nothing reads it.')
param deliverWebhooks bool

@description('Workspace that takes the operational log of the namespace.')
param workspaceId string

// One policy for every queue and subscription: after ten deliveries, or unread for too long, a message is set aside and an alert fires.
var maxDeliveryCount = 10
var lockDuration = 'PT1M'

// The most that an entity of a Standard namespace may hold, in megabytes.
var maxSizeInMegabytes = 5120

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: sku
    capacity: sku == 'Premium' ? 1 : null
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    zoneRedundant: zoneRedundant
  }
}

// Session id is the orchestration's instance id: the wake-ups of one execution arrive in order and one at a time.
resource callbacks 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'callbacks'
  properties: {
    requiresSession: true
    maxDeliveryCount: maxDeliveryCount
    lockDuration: lockDuration
    maxSizeInMegabytes: maxSizeInMegabytes
    deadLetteringOnMessageExpiration: true
    // Older than a day, a wake-up says nothing that the sweep has not said since.
    defaultMessageTimeToLive: 'P1D'
  }
}

// Tasks longer than a minute. No sessions: they run in parallel, and each carries its own idempotency key.
resource tasks 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'tasks'
  properties: {
    requiresSession: false
    maxDeliveryCount: maxDeliveryCount
    // The longest there is; the trigger renews it while a task runs.
    lockDuration: 'PT5M'
    maxSizeInMegabytes: maxSizeInMegabytes
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
  }
}

// CloudEvents 1.0 of every execution. The outbox may send one twice, within the window it is kept once.
resource executionEvents 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: 'execution-events'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    maxSizeInMegabytes: maxSizeInMegabytes
    defaultMessageTimeToLive: 'P14D'
  }
}

// Session id is the tenant: each tenant's events are logged in order.
resource eventLog 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: executionEvents
  name: 'event-log'
  properties: {
    requiresSession: true
    maxDeliveryCount: maxDeliveryCount
    lockDuration: lockDuration
    deadLetteringOnMessageExpiration: true
    deadLetteringOnFilterEvaluationExceptions: true
    defaultMessageTimeToLive: 'P14D'
  }
}

// Stands ready for delivery to tenants' endpoints.
resource webhooks 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: executionEvents
  name: 'webhooks'
  properties: {
    requiresSession: false
    maxDeliveryCount: maxDeliveryCount
    lockDuration: lockDuration
    deadLetteringOnMessageExpiration: true
    deadLetteringOnFilterEvaluationExceptions: true
    defaultMessageTimeToLive: 'P14D'
  }
}

// A subscription that nobody reads fills its topic until nothing can be sent to it any more. So nothing enters before delivery is on.
resource webhooksRule 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = {
  parent: webhooks
  name: '$Default'
  properties: {
    filterType: 'SqlFilter'
    sqlFilter: {
      sqlExpression: deliverWebhooks ? '1=1' : '1=0'
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'operations'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
  }
}

output id string = namespace.id
output name string = namespace.name
output fullyQualifiedNamespace string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
