using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Orchestrations.Storage;

namespace Orchestrations.Http;

/// <summary>Answers with 404 what was asked of a run that was purged while the answer was put together.</summary>
internal sealed class PurgedRuns : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.GetHttpContext()?.Request.RouteValues["id"] is string)
        {
            var id = (string)context.GetHttpContext()!.Request.RouteValues["id"]!;
            var blobs = context.InstanceServices.GetRequiredService<JsonBlobs>();
            if (await blobs.ExistsAsync(Curriculum.Work.StorageNames.RunsContainer, Curriculum.Work.StorageNames.Plan(id), context.CancellationToken))
                throw;
            context.GetInvocationResult().Value = Refusal.UnknownRun(id);
        }
    }
}
