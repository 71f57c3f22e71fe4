using LocalHost.Triggers.Http;
using LocalHost.Triggers.Queues;
using LocalHost.Triggers.Timers;
using Microsoft.Azure.Functions.Worker;

namespace LocalHost.Hosting;

/// <summary>Refuses an app with a function that its trigger could never call.</summary>
internal static class FunctionChecks
{
    /// <exception cref="HostSettingsException">There is one; the message names it.</exception>
    public static void Check(IEnumerable<FoundFunction> functions, bool servesHttp)
    {
        foreach (var function in functions)
        {
            switch (function.Trigger)
            {
                case HttpTriggerAttribute when !servesHttp:
                    throw new HostSettingsException($"The HTTP function '{function.Name}' needs ASP.NET Core: call ConfigureFunctionsWebApplication() on the builder.");
                case HttpTriggerAttribute:
                    HttpFunctions.Check(function);
                    break;
                case QueueTriggerAttribute:
                    QueueBinding.Check(function);
                    break;
                case TimerTriggerAttribute:
                    TimerListener.Check(function);
                    break;
                case OrchestrationTriggerAttribute:
                    DurableFunctions.CheckOrchestrator(function);
                    break;
                case ActivityTriggerAttribute:
                    DurableFunctions.CheckActivity(function);
                    break;
                default:
                    throw new HostSettingsException($"This host has no trigger {function.Trigger.GetType().Name}, which the function '{function.Name}' asks for.");
            }
        }
    }
}
