using Lockstep.Service.Timers;
using Lockstep.TestKit.Time;

namespace Lockstep.Service.Tests;

public sealed class TimerQueueTests
{
    [Fact]
    public void Entries_of_a_queue_that_is_closed_can_be_cancelled_and_set()
    {
        var time = new ManualTimeProvider();
        var queue = new TimerQueue(time);
        List<int> fired = [];
        Entry[] entries = [.. Enumerable.Range(0, 3).Select(number => new Entry(number, fired))];
        foreach (Entry entry in entries)
        {
            queue.Set(entry, time.GetUtcNow() + TimeSpan.FromSeconds(1));
        }

        queue.Dispose();
        queue.Cancel(entries[2]);
        queue.Set(entries[0], time.GetUtcNow() + TimeSpan.FromSeconds(1));
        queue.Cancel(entries[0]);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((0, 0), (queue.Count, fired.Count));
    }

    [Fact]
    public void Queue_fires_what_a_plain_list_would_in_any_sequence_of_changes()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        using var queue = new TimerQueue(time);
        List<int> fired = [];
        Dictionary<int, DateTimeOffset> model = [];
        Entry[] entries = [.. Enumerable.Range(0, 50).Select(number => new Entry(number, fired))];

        for (int step = 0; step < 5_000; step++)
        {
            int number = random.Next(entries.Length);
            switch (random.Next(4))
            {
                case 0 or 1:
                    DateTimeOffset due = time.GetUtcNow() + TimeSpan.FromMilliseconds(random.Next(1, 1_000));
                    queue.Set(entries[number], due);
                    model[number] = due;
                    break;
                case 2:
                    queue.Cancel(entries[number]);
                    model.Remove(number);
                    break;
                default:
                    fired.Clear();
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 200)));
                    int[] expected = [.. model.Where(item => item.Value <= time.GetUtcNow()).OrderBy(item => item.Value).Select(item => item.Key)];
                    Assert.True(
                        expected.Order().SequenceEqual(fired.Order()) && fired.Select(item => model[item]).SequenceEqual(expected.Select(item => model[item])),
                        $"seed {seed}, step {step}: fired {string.Join(' ', fired)}, expected {string.Join(' ', expected)}");
                    foreach (int gone in expected)
                    {
                        model.Remove(gone);
                    }

                    break;
            }

            Assert.Equal(model.Count, queue.Count);
        }
    }

    private sealed class Entry(int number, List<int> fired) : DueEntry
    {
        public override void Due() => fired.Add(number);
    }
}
