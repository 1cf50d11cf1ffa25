using FsCheck;
using FsCheck.Fluent;
using Lockstep.Engine.State;

namespace Lockstep.Engine.Tests.Properties;

public sealed class PersistentTableProperties
{
    [Fact]
    public void ATableBehavesLikeADictionaryAndOldVersionsStay()
    {
        Gen<(long Key, int Value)[]> changes = Gen.Choose(0, 2_000).Select(k => (long)k * k)
            .SelectMany(key => Gen.Choose(-1, 3).Select(value => (key, value))).ArrayOf();
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(changes.ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (all, perTurn) =>
        {
            var model = new SortedDictionary<long, int>();
            PersistentTable<int> table = PersistentTable<int>.Empty;
            foreach ((long Key, int Value)[] turn in all.Chunk(perTurn))
            {
                KeyValuePair<long, int>[] before = [.. table.Entries()];
                PersistentTable<int>.Editor editor = table.Edit();
                foreach ((long key, int value) in turn)
                {
                    // A value below zero removes the key.
                    if (value < 0)
                    {
                        editor.Remove(key);
                        model.Remove(key);
                    }
                    else
                    {
                        editor.Set(key, value);
                        model[key] = value;
                    }
                }

                PersistentTable<int> next = editor.ToTable();
                Assert.Equal(before, table.Entries());
                Assert.Equal(model, next.Entries());
                Assert.Equal(model.Count, next.Count);
                table = next;
            }

            return model.All(entry => table.TryGet(entry.Key, out int value) && value == entry.Value);
        }));
    }
}
