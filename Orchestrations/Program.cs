using Microsoft.Azure.Functions.Worker.Builder;
using Orchestrations;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddApp(builder.Configuration);
await builder.Build().RunAsync();
