// The only secret: the key that signs webhook calls. Deployed only with a webhook.
import { roles } from 'roles.bicep'

param location string
param tags object
param vaultName string
param orchestratorIdentityName string
param workspaceId string
param isPrivate bool

@secure()
param webhookKey string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource key 'secrets' = {
    name: 'webhook-key'
    properties: {
      value: webhookKey
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

resource orchestrator 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: orchestratorIdentityName
}

resource orchestratorReadsKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::key.id, orchestrator.id, roles.secretsUser)
  scope: vault::key
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

output secretUri string = vault::key.properties.secretUri
