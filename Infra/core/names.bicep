// The names that the application's code states too (Curriculum/Work/StorageNames.cs, host.json): a test holds both sides together.

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
