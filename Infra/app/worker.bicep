// The worker: one execution per few queued items, none while the queue is empty.
import { queues, services } from '../core/names.bicep'

param location string
param tags object
param jobName string
param environmentName string
param registryLoginServer string
param dataAccountName string
param blobEndpoint string
param queueEndpoint string
param workerIdentityName string
param platformIdentityName string
param insightsName string

@description('The image that azd pushed; a public placeholder before the first deployment.')
param image string

@allowed(['cpu', 't4', 'a100'])
param accelerator string

param maxWorkers int
param itemsPerExecution int
param idleSeconds int

@description('Longest execution; its current item then goes back to the queue.')
param executionSeconds int

var machine = {
  cpu: { profile: 'Consumption', cpu: 2, memory: '4Gi', device: 'cpu', cacheMegabytes: 1024 }
  t4: { profile: 'gpu', cpu: 8, memory: '56Gi', device: 'cuda', cacheMegabytes: 16384 }
  a100: { profile: 'gpu', cpu: 24, memory: '220Gi', device: 'cuda', cacheMegabytes: 65536 }
}[accelerator]

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' existing = {
  name: environmentName
}

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: workerIdentityName
}

resource platform 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: platformIdentityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: jobName
  location: location
  tags: union(tags, { 'azd-service-name': services.worker })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${worker.id}': {}
      '${platform.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: machine.profile
    configuration: {
      triggerType: 'Event'
      replicaTimeout: executionSeconds
      // A lost item shows in the queue again: the queue retries, not the job.
      replicaRetryLimit: 0
      eventTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
        scale: {
          minExecutions: 0
          maxExecutions: maxWorkers
          pollingInterval: 30
          rules: [
            {
              name: 'queued-items'
              type: 'azure-queue'
              metadata: {
                accountName: dataAccountName
                queueName: queues.work
                queueLength: string(itemsPerExecution)
              }
              identity: platform.id
            }
          ]
        }
      }
      registries: [
        {
          server: registryLoginServer
          identity: platform.id
        }
      ]
      // The worker's code gets a token for its own identity; what pulls and scales is out of its reach.
      identitySettings: [
        {
          identity: worker.id
          lifecycle: 'Main'
        }
        {
          identity: platform.id
          lifecycle: 'None'
        }
      ]
    }
    template: {
      containers: [
        {
          name: services.worker
          image: image
          resources: {
            cpu: machine.cpu
            memory: machine.memory
          }
          env: [
            {
              name: 'DataStorage__blobServiceUri'
              value: blobEndpoint
            }
            {
              name: 'DataStorage__queueServiceUri'
              value: queueEndpoint
            }
            {
              name: 'DataStorage__clientId'
              value: worker.properties.clientId
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: insights.properties.ConnectionString
            }
            {
              name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
              value: 'ClientId=${worker.properties.clientId};Authorization=AAD'
            }
            {
              name: 'Worker__ExitWhenIdleSeconds'
              value: string(idleSeconds)
            }
            {
              name: 'Worker__CacheMegabytes'
              value: string(machine.cacheMegabytes)
            }
            {
              name: 'Compute__Device'
              value: machine.device
            }
          ]
        }
      ]
    }
  }
}
