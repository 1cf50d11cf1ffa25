// The page an operator opens first. Its content is infra/workbooks/operations.json.

@description('Name that the portal shows.')
param displayName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Workspace that the queries read.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'lockstep-operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbooks/operations.json')
  }
}

output id string = workbook.id
