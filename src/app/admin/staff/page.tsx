import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { listStaff, mayRole, rights, roles } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { plain } from "#ui/plain";
import { PageHeader } from "#ui/primitives/card";
import { RoleTable } from "./role-table";
import { StaffList } from "./staff-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("office.staff");
  return { title: t("title") };
}

/** Who works here, as what, and what each role may do. */
export default async function StaffPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("office.staff");
  if (!mayRole(user.role, "staff.read")) return <NotAllowed right="staff.read" role={user.role} />;
  const access = Object.fromEntries(
    roles.map((role) => [role, rights.filter((right) => mayRole(role, right))]),
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <div className="grid gap-6">
        <StaffList
          members={plain(await listStaff())}
          self={user.id}
          mayChange={mayRole(user.role, "staff.change")}
          access={access}
        />
        <RoleTable access={access} />
      </div>
    </>
  );
}
