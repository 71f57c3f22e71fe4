using Curriculum.Work;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Orchestrations.Storage;

namespace Orchestrations.Http;

/// <summary>Answers for runs of which nothing can be told: one that is unreadable, and one that was purged while the answer was put together.</summary>
internal sealed class RunFaults(JsonBlobs blobs) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception fault) when (context.BindingContext.BindingData.GetValueOrDefault("id") is string)
        {
            var id = (string)context.BindingContext.BindingData["id"]!;
            if (await AnswerAsync(id, Root(fault), context.CancellationToken) is not { } answer)
                throw;
            context.GetInvocationResult().Value = answer;
        }
    }

    /// <summary>The worker wraps what a function throws.</summary>
    private static Exception Root(Exception fault) => fault is AggregateException { InnerExceptions: [var inner] } ? inner : fault;

    /// <summary>What a request for a run is answered that ended in a fault; null where the fault is nothing of the run's.</summary>
    internal async Task<IActionResult?> AnswerAsync(string id, Exception fault, CancellationToken cancellationToken) =>
        !await blobs.ExistsAsync(StorageNames.RunsContainer, StorageNames.Plan(id), cancellationToken) ? Refusal.UnknownRun(id)
        : fault is UnreadableBlobException ? Refusal.Unreadable("run", fault.Message, $"Purge {id} to remove it.")
        : null;
}
