using '../../../Infra/main.bicep'

// The default backend, privately.
param environmentName = 'storage'
param location = 'northeurope'
param durableBackend = 'storage'
param privateNetworking = true
