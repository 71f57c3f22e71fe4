// The Durable Task Scheduler and its hub: the store of orchestrations, unless the Azure Storage backend is chosen.
import { taskHub } from 'names.bicep'
import { roles } from 'roles.bicep'

param location string
param tags object
param schedulerName string
param orchestratorIdentityName string
param isPrivate bool

@allowed(['Consumption', 'Dedicated'])
param sku string

@minValue(1)
@maxValue(3)
param capacity int

@description('Days that a finished orchestration is kept.')
param retentionDays int

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: schedulerName
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated' ? { name: sku, capacity: capacity } : { name: sku }
    // Whoever comes must show an identity with a role; an empty list would let nobody come.
    ipAllowlist: ['0.0.0.0/0']
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource hub 'taskHubs' = {
    name: taskHub
    properties: {}
  }

  resource retention 'retentionPolicies' = {
    name: 'default'
    properties: {
      retentionPolicies: [
        {
          retentionPeriodInDays: retentionDays
        }
      ]
    }
  }
}

resource orchestrator 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: orchestratorIdentityName
}

resource orchestratorSchedules 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler::hub.id, orchestrator.id, roles.durableTaskDataContributor)
  scope: scheduler::hub
  properties: {
    principalId: orchestrator.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.durableTaskDataContributor
    )
  }
}

output endpoint string = scheduler.properties.endpoint
