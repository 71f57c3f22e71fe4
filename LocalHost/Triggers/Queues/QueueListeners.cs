using System.Text.Json;
using Azure.Storage.Queues;
using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LocalHost.Triggers.Queues;

/// <summary>Makes the listener of a queue function from its attribute and the app's settings.</summary>
internal static class QueueListeners
{
    /// <exception cref="HostSettingsException">Its queue or connection is not in the settings.</exception>
    public static QueueListener Create(
        FoundFunction function, FunctionInvoker invoker, QueueSettings settings, JsonSerializerOptions json, IConfiguration configuration, TimeProvider time, ILogger logger)
    {
        var trigger = (QueueTriggerAttribute)function.Trigger;
        var where = $"The queue function '{function.Name}'";
        var connection = StorageConnections.Find(configuration, trigger.Connection, where);
        // The official host lowers the name, since storage takes no other.
        var name = SettingText.Resolve(configuration, trigger.QueueName, where).ToLowerInvariant();
        // Bodies stay as they are stored: the poison queue gets them unchanged.
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None, Retry = { NetworkTimeout = settings.Timeout } };
        var queue = new QueueClient(connection, name, options);
        var poison = new QueueClient(connection, $"{name}-poison", options);
        return new(queue, new(function, invoker, queue, poison, settings, json, time, logger), settings, time, logger);
    }
}
