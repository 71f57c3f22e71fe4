namespace Scale;

/// <summary>A discrete-event simulation of one run: chains of iterations, one queue, so many workers.</summary>
internal sealed class Simulation(Setting setting, int workers, int seed)
{
    private readonly PriorityQueue<Action, (double At, long Order)> _events = new();
    private readonly Queue<Item> _queue = new();
    private readonly List<Worker> _idle = [];
    private readonly Random _random = new(seed);
    private readonly int _rolloutItems = Math.Clamp((int)Math.Ceiling(workers / (double)setting.Chains), 1, setting.MostRolloutItems);
    private double _now;
    private double _computed;
    private double _lost;
    private int _evictions;
    private int _ended;
    private long _order;

    /// <summary>Plays the run to its end.</summary>
    public Outcome Run()
    {
        for (var n = 0; n < workers; n++)
            Start(new());
        for (var chain = 0; chain < setting.Chains; chain++)
            Sample(new Chain(chain));
        while (_ended < setting.Chains && _events.TryDequeue(out var happens, out var key))
        {
            _now = key.At;
            happens();
        }

        return new(workers, _rolloutItems, _now, _computed / (workers * _now), _lost / (workers * _now), _evictions, workers * _now * setting.PricePerSecond);
    }

    private void Sample(Chain chain)
    {
        (chain.Open, chain.Version) = (_rolloutItems, chain.Iteration);
        for (var n = 0; n < _rolloutItems; n++)
            Send(new(chain, false, Math.Max(setting.LeastRolloutSeconds, setting.RolloutSeconds / _rolloutItems) * Spread()));
    }

    private void Report(Item item)
    {
        var chain = item.Chain;
        if (--chain.Open > 0)
            return;
        if (!item.IsUpdate)
        {
            chain.Open = 1;
            After(setting.StepSeconds, () => Send(new(chain, true, setting.UpdateSeconds * Spread())));
        }
        else if (++chain.Iteration == setting.Iterations)
        {
            _ended++;
        }
        else
        {
            After(setting.StepSeconds, () => Sample(chain));
        }
    }

    private void Send(Item item)
    {
        if (_idle.Count == 0)
        {
            _queue.Enqueue(item);
            return;
        }

        // One that holds the policy already, where there is one.
        var worker = _idle.Find(idle => idle.Holds == (item.Chain.Name, item.Chain.Version)) ?? _idle[^1];
        _idle.Remove(worker);
        Take(worker, item);
    }

    private void Take(Worker worker, Item item)
    {
        var loads = worker.Holds != (item.Chain.Name, item.Chain.Version) ? setting.PolicySeconds : 0;
        worker.Holds = item.IsUpdate ? (item.Chain.Name, item.Chain.Version + 1) : (item.Chain.Name, item.Chain.Version);
        var (began, ends) = (_now, _now + loads + item.Seconds);
        if (worker.EvictedAt < ends)
        {
            At(worker.EvictedAt, () =>
            {
                _evictions++;
                _lost += _now - began;
                After(setting.VisibilitySeconds, () => Send(item));
                Start(new());
            });
            return;
        }

        At(ends, () =>
        {
            _computed += item.Seconds;
            Report(item);
            Free(worker);
        });
    }

    private void Start(Worker worker) => After(setting.StartSeconds, () =>
    {
        if (double.IsFinite(setting.EvictionSeconds))
        {
            worker.EvictedAt = _now - (setting.EvictionSeconds * Math.Log(1 - _random.NextDouble()));
            At(worker.EvictedAt, () =>
            {
                if (!_idle.Remove(worker))
                    return;
                _evictions++;
                Start(new());
            });
        }

        Free(worker);
    });

    private void Free(Worker worker)
    {
        if (_queue.TryDequeue(out var item))
            Take(worker, item);
        else
            _idle.Add(worker);
    }

    /// <summary>A factor with a mean of 1.</summary>
    private double Spread()
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Exp((setting.Spread * normal) - (setting.Spread * setting.Spread / 2));
    }

    private void After(double seconds, Action happens) => At(_now + seconds, happens);

    private void At(double time, Action happens) => _events.Enqueue(happens, (time, _order++));

    private sealed class Worker
    {
        /// <summary>The policy in its memory: a chain's, after so many iterations.</summary>
        public (int Chain, int Version) Holds { get; set; } = (-1, 0);

        public double EvictedAt { get; set; } = double.PositiveInfinity;
    }

    private sealed class Chain(int name)
    {
        public int Name => name;

        public int Iteration { get; set; }

        public int Version { get; set; }

        /// <summary>Items whose results are waited for.</summary>
        public int Open { get; set; }
    }

    private sealed record Item(Chain Chain, bool IsUpdate, double Seconds);
}

/// <summary>How a run went.</summary>
/// <param name="Utilisation">Share of the workers' time that went into results.</param>
/// <param name="Lost">Share that went into items that were lost with their machine.</param>
internal sealed record Outcome(int Workers, int RolloutItems, double Seconds, double Utilisation, double Lost, int Evictions, double Cost);
