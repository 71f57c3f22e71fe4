// One identity per part: the app, the worker's code, and the platform that pulls the image and reads the queue's length.
param location string
param tags object
param orchestratorName string
param workerName string
param platformName string

resource orchestrator 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: orchestratorName
  location: location
  tags: tags
}

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: workerName
  location: location
  tags: tags
}

resource platform 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: platformName
  location: location
  tags: tags
}
