// Alerts for dead-lettered messages, failed runs, stalled work and cost.
import { queues } from 'names.bicep'

param location string
param tags object
param workspaceName string
param token string

@description('Email address for alerts; empty for none: they then appear only in the portal.')
param alertEmail string

@description('Monthly budget of the resource group, in the billing currency; 0 for none.')
param monthlyBudget int

@description('First day of the first budget month, yyyy-MM-01; fixed, so that later deployments do not change it.')
param budgetStart string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: 'ag-curriculum-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'curriculum'
    enabled: true
    emailReceivers: [
      {
        name: 'owner'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

// A queue's name is in the request's path: /<queue>/messages.
var rules = [
  {
    name: 'poison-messages'
    title: 'A message was dead-lettered'
    text: 'A work item or a report could not be processed and is in ${queues.workPoison} or ${queues.resultsPoison}. The message states the reason.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'StorageQueueLogs | where OperationName == "PutMessage" and StatusCode == 201 and (Uri contains "/${queues.workPoison}/messages" or Uri contains "/${queues.resultsPoison}/messages")'
  }
  {
    name: 'failed-runs'
    title: 'A run failed'
    text: 'A run ended without a result. GET /api/runs/{id} says why.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'FunctionAppLogs | where Message has "RunFailed" or (Message has "RunOrchestrator" and Message has "Failed")'
  }
  {
    name: 'no-progress'
    title: 'Queued work is stalled'
    text: 'Work is queued, and no worker has renewed or finished any of it for half an hour. Check the job\'s executions and the quota of its GPU profile.'
    severity: 2
    frequency: 'PT15M'
    window: 'P1D'
    query: 'StorageQueueLogs | where StatusCode < 300 and Uri contains "/${queues.work}/messages" | summarize sent = countif(OperationName == "PutMessage"), finished = countif(OperationName == "DeleteMessage"), firstSent = minif(TimeGenerated, OperationName == "PutMessage"), moved = maxif(TimeGenerated, OperationName in ("UpdateMessage", "DeleteMessage")) | where sent > finished and firstSent < ago(30m) and (isnull(moved) or moved < ago(30m))'
  }
]

resource alert 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: 'alert-${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.text
      severity: rule.severity
      enabled: true
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      scopes: [workspace.id]
      // The tables come into being with their first rows, after the rules.
      skipQueryValidation: true
      autoMitigate: false
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(alertEmail) ? [] : [group.id]
      }
    }
  }
]

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = if (monthlyBudget > 0) {
  name: 'budget-curriculum-${token}'
  properties: {
    amount: monthlyBudget
    category: 'Cost'
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: '${budgetStart}T00:00:00Z'
    }
    notifications: {
      actual80: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: empty(alertEmail) ? [] : [alertEmail]
        contactRoles: ['Owner']
      }
      forecast100: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: empty(alertEmail) ? [] : [alertEmail]
        contactRoles: ['Owner']
      }
    }
  }
}
