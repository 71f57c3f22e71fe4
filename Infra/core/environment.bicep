// Where the worker runs: serverless profiles only, so that there is no cost while no work is queued.
param location string
param tags object
param environmentName string
param workspaceId string
param subnetId string

@allowed(['cpu', 't4', 'a100'])
param accelerator string

var gpuProfiles = {
  t4: 'Consumption-GPU-NC8as-T4'
  a100: 'Consumption-GPU-NC24-A100'
}

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: environmentName
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      // Diagnostic settings take the logs on, so that no workspace key is needed.
      destination: 'azure-monitor'
    }
    publicNetworkAccess: empty(subnetId) ? 'Enabled' : 'Disabled'
    vnetConfiguration: empty(subnetId)
      ? null
      : {
          infrastructureSubnetId: subnetId
          internal: true
        }
    workloadProfiles: concat(
      [
        {
          name: 'Consumption'
          workloadProfileType: 'Consumption'
        }
      ],
      accelerator == 'cpu'
        ? []
        : [
            {
              name: 'gpu'
              workloadProfileType: gpuProfiles[accelerator]
            }
          ]
    )
    zoneRedundant: false
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
    ]
  }
}
