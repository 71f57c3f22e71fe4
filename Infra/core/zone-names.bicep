// Private DNS zones by kind of service.

@export()
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  registry: 'privatelink${environment().suffixes.acrLoginServer}'
  scheduler: 'privatelink.durabletask.io'
  vault: 'privatelink.vaultcore.azure.net'
}
