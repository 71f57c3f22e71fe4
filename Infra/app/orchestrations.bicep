// The Functions app on Flex Consumption: no keys, and nothing runs while it is idle.
import { packageContainer, services, taskHub } from '../core/names.bicep'

param location string
param tags object
param appName string
param planName string
param identityName string
param hostAccountName string
param blobEndpoint string
param queueEndpoint string
param usesScheduler bool
param schedulerEndpoint string
param insightsName string
param workspaceId string
param subnetId string
param maximumInstances int

@description('The hardware of the workers: the machine of the rate table by which plans are priced.')
param accelerator string

@description('Webhook address, called when a run concludes; empty for none.')
param webhookUrl string

@description('The Key Vault secret that signs webhook calls.')
param webhookSecretUri string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
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
  }
}

var settings = [
  { name: 'AzureWebJobsStorage__accountName', value: hostAccountName }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
  { name: 'DataStorage__blobServiceUri', value: blobEndpoint }
  { name: 'DataStorage__queueServiceUri', value: queueEndpoint }
  { name: 'DataStorage__credential', value: 'managedidentity' }
  { name: 'DataStorage__clientId', value: identity.properties.clientId }
  { name: 'TASKHUB_NAME', value: taskHub }
  { name: 'Costs__Machine', value: accelerator }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  }
]

var schedulerSettings = usesScheduler
  ? [
      {
        name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        value: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}'
      }
    ]
  : []

var webhookSettings = empty(webhookUrl)
  ? []
  : [
      {
        name: 'Webhook__Url'
        value: webhookUrl
      }
      {
        name: 'Webhook__Key'
        value: '@Microsoft.KeyVault(SecretUri=${webhookSecretUri})'
      }
    ]

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': services.orchestrations })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: empty(subnetId) ? null : { allTraffic: true }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostAccount.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: concat(settings, schedulerSettings, webhookSettings)
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output hostName string = app.properties.defaultHostName
