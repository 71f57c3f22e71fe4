// The whole system in one resource group. See docs/DEPLOY.md for how to deploy it and what has not been run live.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the azd environment; part of the resource group\'s name.')
param environmentName string

@minLength(1)
@description('Region of every resource; it must have Flex Consumption, the Durable Task Scheduler and the chosen GPU profile.')
param location string

@allowed(['scheduler', 'storage'])
@description('Where orchestrations are kept: the Durable Task Scheduler, or Azure Storage in the host account. The app is packaged for one of them.')
param durableBackend string = 'storage'

@allowed(['Consumption', 'Dedicated'])
@description('Consumption for up to 500 actions per second; Dedicated for 2,000 per unit.')
param schedulerSku string = 'Consumption'

@minValue(1)
@maxValue(3)
@description('Units of a dedicated scheduler.')
param schedulerCapacity int = 1

@minValue(1)
@maxValue(90)
@description('Days that the scheduler keeps a finished orchestration. Plans, results and verdicts are kept until they are purged.')
param orchestrationDays int = 30

@allowed(['cpu', 't4', 'a100'])
@description('What workers compute on. The CPU is for trials.')
param accelerator string = 'cpu'

@description('The worker\'s image as azd pushed it; empty before the first deployment.')
param workerImage string = ''

@minValue(1)
@maxValue(100)
@description('Maximum number of workers.')
param maxWorkers int = 4

@minValue(1)
@maxValue(32)
@description('Queued items per started worker: a start takes most of a minute.')
param itemsPerExecution int = 2

@minValue(10)
@maxValue(3600)
@description('Seconds after which an idle worker exits.')
param workerIdleSeconds int = 120

@minValue(600)
@maxValue(86400)
@description('Seconds after which a worker is stopped in any case; its item goes back to the queue.')
param workerSeconds int = 14400

@minValue(40)
@maxValue(1000)
@description('Maximum number of instances of the Functions app in each of its scaling groups.')
param maximumInstances int = 40

@description('Whether storage, the scheduler and the vault are reachable through a private network only.')
param privateNetworking bool = false

@description('Address range of that network, a /24 or larger.')
param addressPrefix string = '10.60.0.0/24'

@minValue(30)
@maxValue(730)
@description('Days that logs are kept.')
param logDays int = 30

@description('Email address for alerts; empty for none.')
param alertEmail string = ''

@minValue(0)
@description('Monthly budget of the resource group; 0 for none.')
param monthlyBudget int = 0

@description('First day of the first budget month, yyyy-MM-01; required with a budget.')
param budgetStart string = ''

@description('Webhook address, called when a run concludes; empty for none. Its key is kept in a vault that exists only for it.')
param webhookUrl string = ''

@secure()
@description('Key that signs webhook calls.')
param webhookKey string = ''

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
var names = {
  orchestrator: 'id-orchestrator-${token}'
  worker: 'id-worker-${token}'
  platform: 'id-platform-${token}'
  hostAccount: 'sthost${token}'
  dataAccount: 'stdata${token}'
  scheduler: 'dts-${token}'
  registry: 'cr${token}'
  environment: 'cae-${token}'
  job: 'job-worker-${token}'
  plan: 'plan-${token}'
  app: 'func-${token}'
  workspace: 'log-${token}'
  insights: 'appi-${token}'
  network: 'vnet-${token}'
  vault: 'kv-${token}'
}
var usesScheduler = durableBackend == 'scheduler'
var usesWebhook = !empty(webhookUrl)
// A placeholder until azd has pushed an image: it starts, says hello and exits.
var placeholder = 'mcr.microsoft.com/k8se/quickstart-jobs:latest'

var scope = resourceId('Microsoft.Resources/resourceGroups', group.name)
var workspaceId = '${scope}/providers/Microsoft.OperationalInsights/workspaces/${names.workspace}'
var subnetRoot = '${scope}/providers/Microsoft.Network/virtualNetworks/${names.network}/subnets'
var hostAccountId = '${scope}/providers/Microsoft.Storage/storageAccounts/${names.hostAccount}'
var dataAccountId = '${scope}/providers/Microsoft.Storage/storageAccounts/${names.dataAccount}'
var endpoints = concat(
  [
    { name: 'host-blob', target: hostAccountId, group: 'blob', zone: 'blob' }
    { name: 'data-blob', target: dataAccountId, group: 'blob', zone: 'blob' }
    { name: 'data-queue', target: dataAccountId, group: 'queue', zone: 'queue' }
    {
      name: 'registry'
      target: '${scope}/providers/Microsoft.ContainerRegistry/registries/${names.registry}'
      group: 'registry'
      zone: 'registry'
    }
  ],
  usesScheduler
    ? [
        {
          name: 'scheduler'
          target: '${scope}/providers/Microsoft.DurableTask/schedulers/${names.scheduler}'
          group: 'scheduler'
          zone: 'scheduler'
        }
      ]
    : [
        { name: 'host-queue', target: hostAccountId, group: 'queue', zone: 'queue' }
        { name: 'host-table', target: hostAccountId, group: 'table', zone: 'table' }
      ],
  usesWebhook
    ? [
        {
          name: 'vault'
          target: '${scope}/providers/Microsoft.KeyVault/vaults/${names.vault}'
          group: 'vault'
          zone: 'vault'
        }
      ]
    : []
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'core/identities.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    orchestratorName: names.orchestrator
    workerName: names.worker
    platformName: names.platform
  }
}

module monitoring 'core/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: names.workspace
    insightsName: names.insights
    orchestratorIdentityName: names.orchestrator
    workerIdentityName: names.worker
    retentionDays: logDays
  }
  dependsOn: [identities]
}

module hostStorage 'core/host-storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    accountName: names.hostAccount
    orchestratorIdentityName: names.orchestrator
    workspaceId: workspaceId
    isPrivate: privateNetworking
    holdsTaskHub: !usesScheduler
  }
  dependsOn: [identities, monitoring]
}

module dataStorage 'core/data-storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    accountName: names.dataAccount
    orchestratorIdentityName: names.orchestrator
    workerIdentityName: names.worker
    platformIdentityName: names.platform
    workspaceId: workspaceId
    isPrivate: privateNetworking
  }
  dependsOn: [identities, monitoring]
}

module scheduler 'core/scheduler.bicep' = if (usesScheduler) {
  scope: group
  params: {
    location: location
    tags: tags
    schedulerName: names.scheduler
    orchestratorIdentityName: names.orchestrator
    isPrivate: privateNetworking
    sku: schedulerSku
    capacity: schedulerCapacity
    retentionDays: orchestrationDays
  }
  dependsOn: [identities]
}

module registry 'core/registry.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    registryName: names.registry
    platformIdentityName: names.platform
    workspaceId: workspaceId
    isPrivate: privateNetworking
  }
  dependsOn: [identities, monitoring]
}

module vault 'core/vault.bicep' = if (usesWebhook) {
  scope: group
  params: {
    location: location
    tags: tags
    vaultName: names.vault
    orchestratorIdentityName: names.orchestrator
    workspaceId: workspaceId
    isPrivate: privateNetworking
    webhookKey: webhookKey
  }
  dependsOn: [identities, monitoring]
}

module network 'core/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    location: location
    tags: tags
    networkName: names.network
    addressPrefix: addressPrefix
  }
}

module zones 'core/private-zones.bicep' = if (privateNetworking) {
  scope: group
  params: {
    tags: tags
    kinds: union(map(endpoints, endpoint => endpoint.zone), [])
    networkName: names.network
  }
  dependsOn: [network]
}

module endpoint 'core/private-endpoint.bicep' = [
  for item in (privateNetworking ? endpoints : []): {
    scope: group
    params: {
      location: location
      tags: tags
      endpointName: 'pe-${item.name}-${token}'
      targetId: item.target
      groupId: item.group
      zone: item.zone
      networkName: names.network
    }
    dependsOn: [zones, hostStorage, dataStorage, registry, scheduler, vault]
  }
]

module workers 'core/environment.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    environmentName: names.environment
    workspaceId: workspaceId
    subnetId: privateNetworking ? '${subnetRoot}/workers' : ''
    accelerator: accelerator
  }
  dependsOn: [monitoring, network]
}

module worker 'app/worker.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    jobName: names.job
    environmentName: names.environment
    registryLoginServer: registry.outputs.loginServer
    dataAccountName: names.dataAccount
    blobEndpoint: dataStorage.outputs.blobEndpoint
    queueEndpoint: dataStorage.outputs.queueEndpoint
    workerIdentityName: names.worker
    insightsName: names.insights
    platformIdentityName: names.platform
    image: empty(workerImage) ? placeholder : workerImage
    accelerator: accelerator
    maxWorkers: maxWorkers
    itemsPerExecution: itemsPerExecution
    idleSeconds: workerIdleSeconds
    executionSeconds: workerSeconds
  }
  dependsOn: [identities, monitoring, workers, endpoint]
}

module orchestrations 'app/orchestrations.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    appName: names.app
    planName: names.plan
    identityName: names.orchestrator
    hostAccountName: names.hostAccount
    blobEndpoint: dataStorage.outputs.blobEndpoint
    queueEndpoint: dataStorage.outputs.queueEndpoint
    usesScheduler: usesScheduler
    schedulerEndpoint: usesScheduler ? scheduler!.outputs.endpoint : ''
    insightsName: names.insights
    workspaceId: workspaceId
    subnetId: privateNetworking ? '${subnetRoot}/functions' : ''
    maximumInstances: maximumInstances
    accelerator: accelerator
    webhookUrl: webhookUrl
    webhookSecretUri: usesWebhook ? vault!.outputs.secretUri : ''
  }
  dependsOn: [identities, monitoring, hostStorage, network, endpoint]
}

module alerts 'core/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: names.workspace
    token: token
    alertEmail: alertEmail
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
  dependsOn: [monitoring]
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer
output DATA_STORAGE_ACCOUNT string = names.dataAccount
output ORCHESTRATIONS_URL string = 'https://${orchestrations.outputs.hostName}'
output DURABLE_BACKEND string = durableBackend
