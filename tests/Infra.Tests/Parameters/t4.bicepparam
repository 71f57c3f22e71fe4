using '../../../Infra/main.bicep'

// A team's system: orchestrations in the Durable Task Scheduler, T4 workers, alerts by mail, a budget, a webhook; the longest name that an environment may have.
param environmentName = 'a-team-whose-name-takes-forty-characters'
param location = 'westus3'
param durableBackend = 'scheduler'
param accelerator = 't4'
param workerImage = 'registry.example.org/worker:1'
param maxWorkers = 16
param alertEmail = 'owner@example.org'
param monthlyBudget = 500
param budgetStart = '2026-01-01'
param webhookUrl = 'https://hook.example.org/runs'
param webhookKey = 'this-must-not-be-in-the-snapshot'
