namespace LocalHost.Durable.Storage;

/// <summary>The task hub is no longer this host's: nothing more is written to it.</summary>
internal sealed class HubLostException(string message) : Exception(message);
