// The virtual network of a private deployment: the app joins one subnet, private endpoints live in another, and what tenants' tasks call
// on the internet leaves through one fixed address.

@description('Name of the virtual network; the other names derive from it.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Address space; a /16, of which two /24 are used.')
param addressPrefix string

resource outgoingAddress 'Microsoft.Network/publicIPAddresses@2024-10-01' = {
  name: '${name}-outgoing'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

// Lives in one zone, in a zone redundant deployment too: the kind that spans zones cannot serve a subnet that is delegated to an app.
resource gateway 'Microsoft.Network/natGateways@2024-10-01' = {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [
      {
        id: outgoingAddress.id
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-10-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 0)
          defaultOutboundAccess: false
          natGateway: {
            id: gateway.id
          }
          delegations: [
            {
              // What Flex Consumption asks for.
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

output id string = network.id
output appSubnetId string = network::appSubnet.id
output endpointSubnetId string = network::endpointSubnet.id
output outgoingAddress string = outgoingAddress.properties.ipAddress
