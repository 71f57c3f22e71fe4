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

// The measurements of the app, as Azure Monitor keeps them: docs/TELEMETRY.md has their names.
var rules = [
  {
    name: 'poison-messages'
    title: 'A message was dead-lettered'
    text: 'A work item or a report could not be processed and is in ${queues.workPoison} or ${queues.resultsPoison}. The message states the reason. The alert ends once the queue is empty.'
    severity: 1
    query: 'AppMetrics | where Name == "curriculum.queue.depth" and tostring(Properties["messaging.destination.name"]) in ("${queues.workPoison}", "${queues.resultsPoison}") and Max > 0'
  }
  {
    name: 'failed-runs'
    title: 'A run failed'
    text: 'A run ended without a result, or an arm of it failed. GET /api/runs/{id} says why.'
    severity: 2
    query: 'AppMetrics | where Name == "curriculum.runs" and tostring(Properties["curriculum.state"]) == "failed" and Sum > 0'
  }
  {
    name: 'no-progress'
    title: 'Queued work is stalled'
    text: 'Work is waited for, and no worker has shown a sign of life for half an hour. Check the job\'s executions and the quota of its GPU profile.'
    severity: 2
    query: 'AppMetrics | where Name == "curriculum.work.quiet" and Min > 1800'
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
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      scopes: [workspace.id]
      // The tables come into being with their first rows, after the rules.
      skipQueryValidation: true
      autoMitigate: true
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
