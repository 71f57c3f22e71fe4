using '../../../Infra/main.bicep'

// What azd up makes where nothing is set.
param environmentName = 'trial'
param location = 'swedencentral'
