// The Flex Consumption plan and the one Functions app in it, with every setting of the app. No setting is a secret: connections are made
// with the identity, and the operator key stays in the vault.

@description('Name of the plan.')
param planName string

@description('Name of the app; the first label of its host name.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Identity the app runs as: resource id.')
param identityId string

@description('Identity the app runs as: client id.')
param identityClientId string

@description('Application Insights component.')
param componentName string

@description('Storage account.')
param storageAccountName string

@description('Blob endpoint of the storage account.')
param blobEndpoint string

@description('Queue endpoint of the storage account.')
param queueEndpoint string

@description('Table endpoint of the storage account.')
param tableEndpoint string

@description('Container that deployed packages are put into.')
param packageContainer string

@description('Host name of the Service Bus namespace.')
param serviceBusNamespace string

@description('URI of the key vault.')
param keyVaultUri string

@description('Name of the secret with the operator key. The name, not the key.')
param operatorKeySecretName string

@description('Backend of the orchestrations.')
@allowed(['scheduler', 'storage'])
param durableProvider string

@description('Endpoint of the Durable Task Scheduler; empty with the Azure Storage provider.')
param schedulerEndpoint string

@description('Name of the task hub, in both backends.')
param taskHubName string

@description('Instances kept ready for orchestrations. One is enough to start at once after a pause.')
@minValue(1)
param durableAlwaysReady int

@description('Instances kept ready for HTTP; with none, the first request after a pause waits for a start.')
@minValue(0)
param httpAlwaysReady int

@description('Memory of an instance in megabytes; processor time grows with it.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Most instances there may be. This bounds the bill of an hour.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('RollingUpdate lets running work finish during a deployment (a preview of the platform); Recreate ends it, and it is repeated.')
@allowed(['Recreate', 'RollingUpdate'])
param updateStrategy string

@description('Subnet the app joins; empty without private networking.')
param subnetId string

@description('Whether instances are spread over availability zones.')
param zoneRedundant bool

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

var alwaysReady = concat(
  [
    {
      name: 'durable'
      instanceCount: durableAlwaysReady
    }
  ],
  httpAlwaysReady > 0
    ? [
        {
          name: 'http'
          instanceCount: httpAlwaysReady
        }
      ]
    : []
)

var hosting = {
  deployment: {
    storage: {
      type: 'blobContainer'
      value: '${blobEndpoint}/${packageContainer}'
      authentication: {
        type: 'UserAssignedIdentity'
        userAssignedIdentityResourceId: identityId
      }
    }
  }
  runtime: {
    name: 'dotnet-isolated'
    version: '10.0'
  }
  scaleAndConcurrency: {
    alwaysReady: alwaysReady
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
  }
}

// A preview that the published types do not know yet, so it is merged in and sent only when it is asked for.
var hostingUpdates = updateStrategy == 'RollingUpdate' ? { siteUpdateStrategy: { type: updateStrategy } } : {}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // azd finds the app of the service by this tag.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: union(hosting, hostingUpdates)
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }

  // No user name and password for deployments either: Entra ID tokens only.
  resource ftpCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scmCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

var platformSettings = {
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__blobServiceUri: blobEndpoint
  AzureWebJobsStorage__queueServiceUri: queueEndpoint
  AzureWebJobsStorage__tableServiceUri: tableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
}

var lockstepSettings = {
  LockstepStorage__blobServiceUri: blobEndpoint
  LockstepStorage__tableServiceUri: tableEndpoint
  LockstepStorage__credential: 'managedidentity'
  LockstepStorage__clientId: identityClientId
  LockstepServiceBus__fullyQualifiedNamespace: serviceBusNamespace
  LockstepServiceBus__credential: 'managedidentity'
  LockstepServiceBus__clientId: identityClientId
  Lockstep__Region: location
  Lockstep__PublicUrl: 'https://${app.properties.defaultHostName}'
  Lockstep__KeyVault__Uri: keyVaultUri
  Lockstep__Identity__ClientId: identityClientId
  Lockstep__Operator__KeySecret: operatorKeySecretName
  // The Step Functions protocol is at the root, where the platform would show a page of its own.
  AzureWebJobsDisableHomepage: 'true'
  TASKHUB_NAME: taskHubName
}

// host.json is written for the scheduler. With the other backend two of its values are overridden here.
var backendSettings = durableProvider == 'scheduler'
  ? {
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
    }
  : {
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'AzureStorage'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'AzureWebJobsStorage'
    }

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: union(platformSettings, lockstepSettings, backendSettings)
}

output id string = app.id
output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
