// The runs' account: plans, states, results, and the queues between the app and its workers.
import { containers, queues } from 'names.bicep'
import { roles } from 'roles.bicep'

param location string
param tags object
param accountName string
param orchestratorIdentityName string
param workerIdentityName string
param platformIdentityName string
param workspaceId string
param isPrivate bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
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
      isVersioningEnabled: true
      deleteRetentionPolicy: {
        enabled: true
        days: 14
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 14
      }
    }

    resource container 'containers' = [
      for name in map(items(containers), entry => entry.value): {
        name: name
        properties: {
          publicAccess: 'None'
        }
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource work 'queues' = {
      name: queues.work
    }

    resource workPoison 'queues' = {
      name: queues.workPoison
    }

    resource results 'queues' = {
      name: queues.results
    }

    resource resultsPoison 'queues' = {
      name: queues.resultsPoison
    }
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
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

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: workerIdentityName
}

resource platform 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: platformIdentityName
}

resource orchestratorWritesBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, orchestrator.id, roles.blobDataContributor)
  scope: account
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor)
  }
}

resource workerWritesBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, worker.id, roles.blobDataContributor)
  scope: account
  properties: {
    principalId: worker.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor)
  }
}

resource orchestratorWritesQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, orchestrator.id, roles.queueDataContributor)
  scope: account
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueDataContributor)
  }
}

// Renewing a message's visibility is a write, which the Message Processor role lacks.
resource workerTakesWork 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queueService::work.id, worker.id, roles.queueDataContributor)
  scope: account::queueService::work
  properties: {
    principalId: worker.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueDataContributor)
  }
}

resource workerReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queueService::results.id, worker.id, roles.queueMessageSender)
  scope: account::queueService::results
  properties: {
    principalId: worker.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueMessageSender)
  }
}

resource workerSetsAside 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queueService::workPoison.id, worker.id, roles.queueMessageSender)
  scope: account::queueService::workPoison
  properties: {
    principalId: worker.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueMessageSender)
  }
}

resource scalerCountsWork 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queueService::work.id, platform.id, roles.queueDataReader)
  scope: account::queueService::work
  properties: {
    principalId: platform.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueDataReader)
  }
}

output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
