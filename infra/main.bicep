// Lockstep on Azure: one resource group with everything in it. This file names things and joins the modules; what a thing is, its module says.
// docs/azure.md explains the parts, the settings, the costs and the failure modes.

targetScope = 'subscription'

@description('Name of the azd environment; part of every name and tag.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Azure region of everything but, if it has to be elsewhere, the scheduler.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Object id of whoever deploys; gets access to the secrets of the vault. Empty for nobody.')
param principalId string = ''

@description('Backend of the orchestrations: the Durable Task Scheduler, or the Azure Storage provider, which is cheaper at rest and slower.')
@allowed(['scheduler', 'storage'])
param durableProvider string = 'scheduler'

@description('Kind of the Durable Task Scheduler.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Capacity units of a Dedicated scheduler.')
@minValue(1)
@maxValue(3)
param schedulerCapacity int = 1

@description('Region of the scheduler, where the location does not offer it; empty for the location.')
param schedulerLocation string = ''

@description('Instances kept ready for orchestrations.')
@minValue(1)
param durableAlwaysReady int = 1

@description('Instances kept ready for HTTP requests.')
@minValue(0)
param httpAlwaysReady int = 0

@description('Memory of an instance in megabytes.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances of the app.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('What happens to running work during a deployment.')
@allowed(['Recreate', 'RollingUpdate'])
param updateStrategy string = 'Recreate'

@description('Whether storage, Service Bus, vault and scheduler are reached over private endpoints only.')
param privateNetworking bool = false

@description('Address space of the virtual network of a private deployment.')
param addressPrefix string = '10.80.0.0/16'

@description('One IPv4 address or range that reaches the vault of a private deployment, so that the hooks can; empty for none.')
param deployerIpRange string = ''

@description('Whether everything is spread over availability zones. Makes the scheduler Dedicated with three units and Service Bus Premium.')
param zoneRedundant bool = false

@description('Whether the storage account is also copied to the paired region.')
param geoRedundantStorage bool = false

@description('Whether events are copied to the subscription that webhooks are delivered from.')
param deliverWebhooks bool = false

@description('Whether deleted secrets cannot be purged for 90 days. Switch it off for environments that are thrown away.')
param purgeProtection bool = true

@description('Days for which telemetry is kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Days for which the scheduler keeps orchestrations that have ended.')
@minValue(1)
@maxValue(30)
param orchestrationRetentionDays int = 7

@description('Address that alerts are sent to; empty to see them in the portal only.')
param alertEmail string = ''

var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var taskHubName = 'lockstep'
var operatorKeySecretName = 'operator-key'
var usesScheduler = durableProvider == 'scheduler'
var storageKinds = {
  local: geoRedundantStorage ? 'Standard_GRS' : 'Standard_LRS'
  zones: geoRedundantStorage ? 'Standard_GZRS' : 'Standard_ZRS'
}

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${resourceToken}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-${resourceToken}'
    componentName: 'appi-${resourceToken}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'st${resourceToken}'
    location: location
    tags: tags
    sku: zoneRedundant ? storageKinds.zones : storageKinds.local
    privateNetworking: privateNetworking
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    name: 'sb-${resourceToken}'
    location: location
    tags: tags
    sku: privateNetworking || zoneRedundant ? 'Premium' : 'Standard'
    privateNetworking: privateNetworking
    zoneRedundant: zoneRedundant
    deliverWebhooks: deliverWebhooks
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: 'kv-${resourceToken}'
    location: location
    tags: tags
    purgeProtection: purgeProtection
    privateNetworking: privateNetworking
    allowedIpRanges: empty(deployerIpRange) ? [] : [deployerIpRange]
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = if (usesScheduler) {
  name: 'scheduler'
  scope: group
  params: {
    name: 'dts-${resourceToken}'
    taskHubName: taskHubName
    location: empty(schedulerLocation) ? location : schedulerLocation
    tags: tags
    sku: zoneRedundant ? 'Dedicated' : schedulerSku
    capacity: zoneRedundant ? 3 : schedulerCapacity
    privateNetworking: privateNetworking
    retentionDays: orchestrationRetentionDays
  }
}

module access 'modules/access.bicep' = {
  name: 'access'
  scope: group
  params: {
    appPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    storageAccountName: storage.outputs.name
    serviceBusName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    componentName: monitoring.outputs.componentName
    schedulerName: usesScheduler ? scheduler!.outputs.name : ''
    taskHubName: taskHubName
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-${resourceToken}'
    location: location
    tags: tags
    addressPrefix: addressPrefix
  }
}

// The scheduler is the last of the list, so that leaving it out moves no other endpoint.
var privateTargets = concat(
  [
    { key: 'blob', group: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
    { key: 'queue', group: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
    { key: 'table', group: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
    { key: 'bus', group: 'namespace', zone: 'privatelink.servicebus.windows.net' }
    { key: 'vault', group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
  ],
  usesScheduler ? [{ key: 'scheduler', group: 'scheduler', zone: 'privatelink.durabletask.io' }] : []
)

module endpoints 'modules/private-endpoint.bicep' = [
  for target in (privateNetworking ? privateTargets : []): {
    name: 'endpoint-${target.key}'
    scope: group
    params: {
      name: 'pe-${target.key}-${resourceToken}'
      location: location
      tags: tags
      targetId: target.key == 'bus'
        ? serviceBus.outputs.id
        : target.key == 'vault' ? keyVault.outputs.id : target.key == 'scheduler' ? scheduler!.outputs.id : storage.outputs.id
      groupId: target.group
      zoneName: target.zone
      networkId: network!.outputs.id
      subnetId: network!.outputs.endpointSubnetId
    }
  }
]

module app 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  // The first start of the app needs its roles, and in a private deployment the way to its storage.
  dependsOn: [access, endpoints]
  params: {
    planName: 'plan-${resourceToken}'
    name: 'func-${resourceToken}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    componentName: monitoring.outputs.componentName
    storageAccountName: storage.outputs.name
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    packageContainer: storage.outputs.packageContainer
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    keyVaultUri: keyVault.outputs.uri
    operatorKeySecretName: operatorKeySecretName
    durableProvider: durableProvider
    schedulerEndpoint: usesScheduler ? scheduler!.outputs.endpoint : ''
    taskHubName: taskHubName
    durableAlwaysReady: zoneRedundant ? max(durableAlwaysReady, 2) : durableAlwaysReady
    httpAlwaysReady: httpAlwaysReady
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    updateStrategy: updateStrategy
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    zoneRedundant: zoneRedundant
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    nameSuffix: resourceToken
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.id
    email: alertEmail
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    displayName: 'Lockstep ${environmentName}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

// What azd keeps in the environment and hands to the hooks. None of it is a secret.
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = app.outputs.name
output AZURE_KEY_VAULT_NAME string = keyVault.outputs.name
output AZURE_KEY_VAULT_ENDPOINT string = keyVault.outputs.uri
output AZURE_STORAGE_ACCOUNT_NAME string = storage.outputs.name
output AZURE_SERVICE_BUS_NAMESPACE string = serviceBus.outputs.name
output LOCKSTEP_URL string = app.outputs.url
output LOCKSTEP_OPERATOR_KEY_SECRET string = operatorKeySecretName
output LOCKSTEP_TASK_HUB_DASHBOARD string = usesScheduler ? scheduler!.outputs.dashboardUrl : ''
output LOCKSTEP_OUTGOING_ADDRESS string = privateNetworking ? network!.outputs.outgoingAddress : ''
