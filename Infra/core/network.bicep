// Optional private networking: one subnet per purpose, and private endpoints for data services.
param location string
param tags object
param networkName string
param addressPrefix string

var subnets = [
  { name: 'functions', bits: 26, index: 0, delegation: 'Microsoft.App/environments' }
  { name: 'workers', bits: 26, index: 1, delegation: 'Microsoft.App/environments' }
  { name: 'endpoints', bits: 26, index: 2, delegation: '' }
]

resource group 'Microsoft.Network/networkSecurityGroups@2025-05-01' = [
  for subnet in subnets: {
    name: 'nsg-${networkName}-${subnet.name}'
    location: location
    tags: tags
    properties: {
      securityRules: [
        {
          name: 'refuse-internet'
          properties: {
            access: 'Deny'
            direction: 'Inbound'
            priority: 4000
            protocol: '*'
            sourceAddressPrefix: 'Internet'
            sourcePortRange: '*'
            destinationAddressPrefix: '*'
            destinationPortRange: '*'
          }
        }
      ]
    }
  }
]

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: networkName
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      for (subnet, i) in subnets: {
        name: subnet.name
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, subnet.bits, subnet.index)
          networkSecurityGroup: {
            id: group[i].id
          }
          privateEndpointNetworkPolicies: 'Disabled'
          delegations: empty(subnet.delegation)
            ? []
            : [
                {
                  name: 'delegation'
                  properties: {
                    serviceName: subnet.delegation
                  }
                }
              ]
        }
      }
    ]
  }
}
