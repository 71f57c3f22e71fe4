// A private endpoint and its DNS name. There is one zone per kind of service.
import { zoneNames } from 'zone-names.bicep'

param location string
param tags object
param endpointName string
param targetId string
param groupId string
param zone string
param networkName string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' existing = {
  name: networkName

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zoneOfKind 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneNames[zone]
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: endpointName
  location: location
  tags: tags
  properties: {
    subnet: {
      id: network::endpoints.id
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: targetId
          groupIds: [groupId]
        }
      }
    ]
  }

  resource zones 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: groupId
          properties: {
            privateDnsZoneId: zoneOfKind.id
          }
        }
      ]
    }
  }
}
