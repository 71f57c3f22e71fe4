using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Orchestrations;
using Orchestrations.Http;
using Orchestrations.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<RunFaults>();
builder.Services.AddApp(builder.Configuration).AddTelemetry(builder.Configuration);
await builder.Build().RunAsync();
