using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace TinyApp;

/// <summary>HTTP functions of each level, with what a request may carry.</summary>
public sealed class Requests
{
    [Function(nameof(Open))]
    public IActionResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "open")] HttpRequest request) => new OkObjectResult($"process {Environment.ProcessId}");

    [Function(nameof(Echo))]
    public async Task<IActionResult> Echo(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "echo/{name}/{number:int}")] HttpRequest request, string name, int number)
    {
        using var body = new StreamReader(request.Body);
        return new ObjectResult($"{name} {number + 1} {request.Query["q"]} {await body.ReadToEndAsync()}") { StatusCode = 201 };
    }

    [Function(nameof(Secret))]
    public IActionResult Secret([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "secret")] HttpRequest request) => new OkResult();

    [Function(nameof(Fault))]
    public IActionResult Fault([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fault")] HttpRequest request) => throw new InvalidOperationException("not for whoever asks");

    /// <summary>Starts an orchestration by its name under an id, with the body as its input.</summary>
    [Function(nameof(Begin))]
    public async Task<IActionResult> Begin(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "begin/{orchestrator}/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string orchestrator,
        string id)
    {
        using var body = new StreamReader(request.Body);
        await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, await body.ReadToEndAsync(), new StartOrchestrationOptions { InstanceId = id });
        return new AcceptedResult();
    }
}
