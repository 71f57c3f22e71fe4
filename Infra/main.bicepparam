using 'main.bicep'

// Every value comes from the azd environment: azd env set NAME VALUE.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param durableBackend = readEnvironmentVariable('DURABLE_BACKEND', 'storage')
param schedulerSku = readEnvironmentVariable('SCHEDULER_SKU', 'Consumption')
param accelerator = readEnvironmentVariable('WORKER_ACCELERATOR', 'cpu')
param maxWorkers = int(readEnvironmentVariable('WORKER_MAXIMUM', '4'))
param privateNetworking = bool(readEnvironmentVariable('PRIVATE_NETWORKING', 'false'))
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param monthlyBudget = int(readEnvironmentVariable('MONTHLY_BUDGET', '0'))
param budgetStart = readEnvironmentVariable('BUDGET_START', '')
param webhookUrl = readEnvironmentVariable('WEBHOOK_URL', '')
param webhookKey = readEnvironmentVariable('WEBHOOK_KEY', '')

// azd sets this after it has pushed the image: without it another provisioning would put the placeholder back.
param workerImage = readEnvironmentVariable('SERVICE_WORKER_IMAGE_NAME', '')
