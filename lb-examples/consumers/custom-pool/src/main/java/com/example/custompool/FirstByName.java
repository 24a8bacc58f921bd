package com.example.custompool;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

// begin
/** Picks the first available server by name: one is active, the others stand by. */
public final class FirstByName implements Policy {
    @Override
    public String name() {
        return "first-by-name";
    }

    @Override
    public boolean readsLoad() {
        return false;
    }

    @Override
    public Picker picker(List<Member> members) {
        List<Member> byName = List.copyOf(members);
        return (key, cursor, load) -> {
            for (int i = 0; i < byName.size(); i++) {
                if (byName.get(i).weight() > 0 && cursor.visit(i)) {
                    return i;
                }
            }
            return -1;
        };
    }
}
// end
