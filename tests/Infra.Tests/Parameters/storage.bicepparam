using '../../../Infra/main.bicep'

// Orchestrations in Azure Storage in the place of the scheduler, privately.
param environmentName = 'storage'
param location = 'northeurope'
param durableBackend = 'storage'
param privateNetworking = true
