// Names that the application's code has too (Curriculum/Work/StorageNames.cs, host.json): a test compares them.

@export()
var queues = {
  work: 'work'
  workPoison: 'work-poison'
  results: 'results'
  resultsPoison: 'results-poison'
}

@export()
var containers = {
  models: 'models'
  runs: 'runs'
  work: 'work'
  schedules: 'schedules'
  datasets: 'datasets'
}

@export()
var taskHub = 'curriculum'

@export()
var packageContainer = 'packages'

@export()
var services = {
  orchestrations: 'orchestrations'
  worker: 'worker'
}
