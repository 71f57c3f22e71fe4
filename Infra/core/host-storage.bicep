// The Functions host's own account: its package, its locks and keys; with the Azure Storage backend the task hub too.
import { packageContainer } from 'names.bicep'
import { roles } from 'roles.bicep'

param location string
param tags object
param accountName string
param orchestratorIdentityName string
param workspaceId string
param isPrivate bool

@description('Whether orchestrations are kept in this account.')
param holdsTaskHub bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: true
        days: 14
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 14
      }
    }

    resource packages 'containers' = {
      name: packageContainer
      properties: {
        publicAccess: 'None'
      }
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

resource orchestrator 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: orchestratorIdentityName
}

resource orchestratorOwnsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, orchestrator.id, roles.blobDataOwner)
  scope: account
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataOwner)
  }
}

resource orchestratorWritesHubTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (holdsTaskHub) {
  name: guid(account.id, orchestrator.id, roles.tableDataContributor)
  scope: account
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableDataContributor)
  }
}

resource orchestratorWritesHubQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (holdsTaskHub) {
  name: guid(account.id, orchestrator.id, roles.queueDataContributor)
  scope: account
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueDataContributor)
  }
}
