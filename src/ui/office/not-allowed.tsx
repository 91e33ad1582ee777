import { Lock } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { Right, Role } from "#identity";
import { Card } from "#ui/primitives/card";
import { Empty } from "#ui/state/states";

/** In the place of a page that staff of this role may not see: what they lack, and who can give it. */
export async function NotAllowed({ right, role }: { right: Right; role: Role }) {
  const t = await getTranslations("office");
  return (
    <Card data-testid="not-allowed">
      <Empty
        icon={<Lock strokeWidth={1.75} />}
        title={t("notAllowed.title")}
        text={t("notAllowed.text", { role: t(`role.${role}`), right: t(`rights.${right}`) })}
      />
    </Card>
  );
}
