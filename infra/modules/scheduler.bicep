// The Durable Task Scheduler and its one task hub: the backend that drives orchestrations. It knows no keys, only Entra ID tokens. What
// it holds is how far an execution has come to be driven, never the history that tenants read: that is in the tables.

@description('Name of the scheduler.')
param name string

@description('Name of the task hub.')
param taskHubName string

@description('Azure region. Not every region offers the scheduler.')
param location string

@description('Tags of every resource.')
param tags object

@description('Consumption bills per action and goes up to 500 actions a second; Dedicated bills per capacity unit, 2,000 actions a second each.')
@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Capacity units of the Dedicated kind; three of them are zone redundant.')
@minValue(1)
@maxValue(3)
param capacity int

@description('Whether only a private endpoint reaches the scheduler.')
param privateNetworking bool

@description('Days for which the backend keeps orchestrations that have ended. Tenants never read them.')
@minValue(1)
@maxValue(30)
param retentionDays int

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    // An empty list lets nobody in. Who is in still needs a role.
    ipAllowlist: ['0.0.0.0/0']
    sku: sku == 'Dedicated'
      ? {
          name: sku
          capacity: capacity
        }
      : {
          name: sku
        }
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
}

resource retention 'Microsoft.DurableTask/schedulers/retentionPolicies@2026-02-01' = {
  parent: scheduler
  name: 'default'
  properties: {
    retentionPolicies: [
      {
        retentionPeriodInDays: retentionDays
      }
    ]
  }
}

output id string = scheduler.id
output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
output dashboardUrl string = taskHub.properties.dashboardUrl
