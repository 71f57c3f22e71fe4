using '../../../Infra/main.bicep'

// Everything that holds data behind private endpoints, a dedicated scheduler, A100 workers.
param environmentName = 'private'
param location = 'swedencentral'
param durableBackend = 'scheduler'
param schedulerSku = 'Dedicated'
param schedulerCapacity = 2
param accelerator = 'a100'
param privateNetworking = true
param alertEmail = 'owner@example.org'
param webhookUrl = 'https://hook.example.org/runs'
param webhookKey = 'this-must-not-be-in-the-snapshot'
